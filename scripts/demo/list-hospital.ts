import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { concat, hexToBytes, keccak256, toHex, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  assetId,
  consentBasis,
  deriveSubjectKey,
  generateOneTimeCode,
  isSalusError,
  listCohort,
  newRecordId,
  placeOfCode,
  printOneTimeCode,
  readAsset,
  roundCount,
  schemaDigest,
  signGrant,
  type ConsentLeaf,
  type Deployment,
  type DescriptorDraft,
  type Grant,
  type Listing,
  type NewRecord,
  type SalusWriter,
} from "@salus/sdk";
import { importBundle } from "@salus/sdk/fhir/import-bundle";
import {
  consentForm,
  hospitalPatients,
  studyPatients,
  WORLD,
  type ConsentForm,
  type DatasetDescription,
  type HospitalDescription,
  type HospitalPatient,
} from "./world/world.ts";
import { AGREEMENT, modesOf, purposesOf, termsOf } from "./terms.ts";
import { RECORD_SCHEMA } from "./record-schema.ts";

const DOLLAR = 1_000_000n;
/** Gateway set 1: the three hospitals of the demo. */
const GATEWAY_SET = 1;
/** The allowed token 1: the test dollar. */
const TOKEN = 1;
const CUSTODIAN_BPS = 2_000;
const CURATOR_BPS = 1_000;
/** 1,000 zCDP rho: the demo may be run often; a real population's cap is far lower. */
const PRIVACY_CAP = 1_000_000_000_000n;

/**
 * A hospital's private table: which subject stands for which of its patients, the salt that opens the commitment to the
 * evidence of their consent, and for those without an account the one-time code as it is printed in their letter. Never
 * leaves the hospital.
 */
type PeopleTable = Record<string, { subject: Address; evidenceSalt: Hex; code?: string }>;

/** A dataset of a hospital: its cohort, or one of its studies. */
export type DemoDataset = {
  hospital: HospitalDescription;
  dataset: DatasetDescription;
  patients: () => HospitalPatient[];
  /** the form that a patient without an account signed */
  form: (patient: HospitalPatient) => ConsentForm;
};

/** The datasets of a hospital: its cohort first, then its studies. */
export function datasetsOf(hospital: HospitalDescription): DemoDataset[] {
  const { dataset, slug, studies } = hospital;
  const cohort: DemoDataset = {
    hospital,
    dataset,
    patients: () => hospitalPatients(slug),
    form: ({ number, persona }) => (persona ? hospital.forms[0]! : consentForm(hospital, number)),
  };
  return [
    cohort,
    ...studies.map((study) => ({
      hospital,
      dataset: study.dataset,
      patients: () => studyPatients(slug, study),
      form: () => study.form,
    })),
  ];
}

/** The id of a hospital's dataset in the demo world. */
export function demoDataset({ dataset }: Pick<HospitalDescription, "dataset">, operator: Address): bigint {
  return assetId(operator, demoSalt(dataset));
}

/**
 * Lists one of a hospital's datasets, unless it is listed already.
 * @param salus writes as the operator of the hospital's gateway
 * @param gateway number of that gateway
 * @param peopleFile where the hospital keeps its private table
 * @returns how many patients were listed; 0 when it was listed before
 */
export async function listHospital(
  salus: SalusWriter,
  { demo, gateway, peopleFile }: { demo: DemoDataset; gateway: number; peopleFile: string },
): Promise<{ asset: bigint; listed: number }> {
  const asset = demoDataset(demo, salus.walletClient.account.address);
  if (await isListed(salus, asset)) return { asset, listed: 0 };
  const patients = demo.patients();
  const people = keepPeople(peopleFile, patients, salus, asset);
  const { deployment } = salus;
  const members = await Promise.all(
    patients.map((patient) => member(patient, { demo, people, deployment, dataset: asset })),
  );
  await listCohort(salus, {
    listing: listingOf(demo, gateway),
    records: members.map(({ record }) => record),
    consents: members.map(({ consent }) => consent),
    descriptor: descriptorOf(demo, patients),
    eligibility: keccak256(toHex(`All patients of ${demo.hospital.name} with a consent form or an account.`)),
  });
  return { asset, listed: patients.length };
}

async function isListed(salus: SalusWriter, asset: bigint): Promise<boolean> {
  try {
    await readAsset(salus, asset);
    return true;
  } catch (error) {
    if (isSalusError(error) && error.code === "SDK_ASSET_UNKNOWN") return false;
    throw error;
  }
}

/**
 * Patients without an account get a provisional subject and a letter with the code to take it over; those with accounts
 * derive theirs.
 */
function keepPeople(
  file: string,
  patients: readonly HospitalPatient[],
  { deployment }: SalusWriter,
  dataset: bigint,
): PeopleTable {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as PeopleTable;
  const context = { chainId: deployment.chainId, registry: deployment.contracts.AssetRegistry, dataset };
  const table: PeopleTable = {};
  for (const { number, persona } of patients) {
    const evidenceSalt = toHex(randomBytes(32));
    if (persona) {
      const { address } = deriveSubjectKey(hexToBytes(persona.accountSecret), context);
      table[number] = { subject: address, evidenceSalt };
    } else {
      const code = generateOneTimeCode();
      const { subject } = placeOfCode(deployment, code, dataset);
      table[number] = { subject, evidenceSalt, code: printOneTimeCode(code) };
    }
  }
  writeFileSync(`${file}.new`, JSON.stringify(table), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return table;
}

async function member(
  patient: HospitalPatient,
  at: { demo: DemoDataset; people: PeopleTable; deployment: Deployment; dataset: bigint },
): Promise<{ record: NewRecord; consent: ConsentLeaf }> {
  const { number, persona, bundle } = patient;
  const { demo, people, deployment, dataset } = at;
  const { subject, evidenceSalt } = people[number]!;
  const { bytes } = importBundle(bundle, { asOf: WORLD.referenceDay });
  const form = demo.form(patient);
  const word = {
    purposes: purposesOf(form.terms),
    modes: modesOf(form.modes),
    expiry: Math.floor(Date.parse(form.until) / 1000),
  };
  const evidence = persona
    ? await signOwnWord(deployment, persona.accountSecret, { dataset, subject, ...word, nonce: 0 })
    : toHex(`${demo.hospital.slug}/${number}/${form.id}/${form.statement}`);
  return {
    record: { recordId: newRecordId(), subject, schema: schemaDigest(RECORD_SCHEMA), plaintext: bytes },
    consent: {
      subject,
      ...word,
      basis: persona ? consentBasis.subjectSigned : consentBasis.custodianAttested,
      evidence: keccak256(concat([evidenceSalt, evidence])),
      weight: 1,
      originVersion: 1,
    },
  };
}

/** What a patient with an account signed at the hospital's desk: the same words as on the paper form. */
async function signOwnWord(deployment: Deployment, accountSecret: Hex, grant: Grant): Promise<Hex> {
  const { chainId, contracts } = deployment;
  const context = { chainId, registry: contracts.AssetRegistry, dataset: grant.dataset };
  const { privateKey } = deriveSubjectKey(hexToBytes(accountSecret), context);
  return (await signGrant(deployment, grant, privateKeyToAccount(privateKey), 0)).signature;
}

function listingOf({ dataset }: DemoDataset, gateway: number): Listing {
  const { modes, price } = dataset;
  return {
    salt: demoSalt(dataset),
    price: BigInt(price) * DOLLAR,
    token: TOKEN,
    gatewaySet: GATEWAY_SET,
    custodian: gateway,
    custodianBps: CUSTODIAN_BPS,
    curatorBps: CURATOR_BPS,
    modes: modesOf(modes),
    population: 0,
    privacyCap: PRIVACY_CAP,
    terms: termsOf(dataset),
  };
}

function descriptorOf(
  { hospital, dataset }: DemoDataset,
  patients: readonly HospitalPatient[],
): DescriptorDraft {
  const { title, description, conditions } = dataset;
  return {
    title,
    description,
    country: hospital.country,
    conditions: conditions.flatMap((code) => {
      const subjects = roundCount(patients.filter((patient) => hasCondition(patient, code)).length);
      return subjects === undefined ? [] : [{ code, subjects }];
    }),
    agreement: AGREEMENT,
    schemas: [RECORD_SCHEMA],
    contact: { name: hospital.name },
  };
}

function hasCondition({ bundle }: HospitalPatient, code: string): boolean {
  return (bundle.entry ?? []).some(
    ({ resource }) => resource?.resourceType === "Condition" && resource.code?.coding?.[0]?.code === code,
  );
}

function demoSalt({ slug }: DatasetDescription): Hex {
  return keccak256(toHex(`salus demo dataset ${slug}`));
}
