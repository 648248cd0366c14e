import { randomBytes } from "node:crypto";
import { keccak256, toHex, type Account, type Address, type Hex } from "viem";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import {
  assetId,
  buildMandate,
  buildOrder,
  consentBasis,
  createMandate,
  DUO,
  fundOrder,
  generateHpkeKeyPair,
  listCohort,
  MODES,
  newRecordId,
  OrderKind,
  schemaDigest,
  testDollarAbi,
  type BuiltVersion,
  type CohortListing,
  type ConsentLeaf,
  type Listing,
  type NewRecord,
  type Order,
  type SalusWriter,
  type Terms,
} from "@salus/sdk";
import {
  commitJob,
  downloadRecords,
  fromWire,
  getResult,
  NO_JOB,
  openResult,
  signUploadToken,
  submitJob,
  waitForOrder,
  type GatewayTarget,
} from "@salus/sdk/gateway/index";
import type { GatewayNetwork } from "./gateway-network.ts";

/* A dataset and orders on a gateway network: what the tests of gateways begin with. */

export const DOLLAR = 1_000_000n;
export const ZERO: Hex = `0x${"00".repeat(32)}`;
export const USES = DUO.USE_HEALTH;

export const COUNT = {
  analysis: "count",
  version: 1,
  tables: "fhir-r4/1",
  parameters: { filter: [], epsilon: { numerator: 1, denominator: 1 } },
};

const SCHEMA = {
  name: "FHIR R4 patient bundle",
  mediaType: "application/fhir+json" as const,
  columns: [{ name: "birth_year", type: "integer" as const }],
};

export const TERMS: Terms = {
  duo: DUO.HMB,
  disease: ZERO,
  royaltyBps: 1_000,
  agreement: keccak256(toHex("agreement")),
  countries: 0n,
  dates: 0n,
};

/** A subject of the test's dataset. */
export function subjectOf(i: number) {
  return privateKeyToAccount(toHex(700_000 + i, { size: 32 }));
}

/** A patient as a FHIR bundle, different for each. */
export function bundleOf(i: number, mark?: string) {
  return {
    resourceType: "Bundle",
    type: "collection",
    entry: [
      {
        resource: {
          resourceType: "Patient",
          id: `p${i}`,
          ...(mark ? { name: [{ text: mark }] } : {}),
          gender: i % 2 === 0 ? "female" : "male",
          birthDate: `${1940 + (i % 60)}-01-01`,
        },
      },
      {
        resource: {
          resourceType: "Observation",
          status: "final",
          code: { coding: [{ system: "http://loinc.org", code: "8480-6" }] },
          subject: { reference: `Patient/p${i}` },
          effectiveDateTime: "2025-01-01",
          valueQuantity: {
            value: 100 + (i % 60),
            unit: "mm[Hg]",
            system: "http://unitsofmeasure.org",
            code: "mm[Hg]",
          },
        },
      },
    ],
  };
}

export type Dataset = { asset: bigint; built: BuiltVersion; listing: Listing; terms: Terms };

/** What a test's dataset has instead of the usual. */
export type CohortChange = {
  consent?: (leaf: ConsentLeaf, i: number) => ConsentLeaf;
  /** subjects of the dataset, if they are not those of `subjectOf` */
  subject?: (i: number, dataset: bigint) => Address;
  modes?: number;
  terms?: Terms;
  /** stands in the plaintext of every record, so that a search finds it */
  mark?: string;
};

/** Lists `size` patients with gateway 1 as custodian. */
export async function listPatients(
  network: GatewayNetwork,
  size: number,
  change: CohortChange = {},
): Promise<Dataset> {
  const operator = network.operator(0);
  const cohort = cohortListing(operator, size, change);
  const { asset, built } = await listCohort(operator, cohort);
  return { asset, built, listing: cohort.listing, terms: cohort.listing.terms };
}

/** A cohort of `size` patients with gateway 1 as custodian, ready to be listed by its operator. */
export function cohortListing(
  { walletClient }: SalusWriter,
  size: number,
  change: CohortChange = {},
): CohortListing & { records: NewRecord[] } {
  const listing: Listing = {
    salt: toHex(randomBytes(32)),
    price: 100n * DOLLAR,
    token: 1,
    gatewaySet: 1,
    custodian: 1,
    custodianBps: 2_000,
    curatorBps: 1_000,
    modes: change.modes ?? MODES.DATASET_MODES,
    population: 0,
    privacyCap: 1_000_000_000_000n,
    terms: change.terms ?? TERMS,
  };
  const dataset = assetId(walletClient.account.address, listing.salt);
  const people = Array.from({ length: size }, (_, i) => ({
    address: change.subject?.(i, dataset) ?? subjectOf(i).address,
  }));
  const consents = people.map(({ address }, i): ConsentLeaf => {
    const leaf: ConsentLeaf = {
      subject: address,
      purposes: DUO.USE_HEALTH | DUO.USE_DISEASE,
      modes: MODES.ANALYSIS | MODES.TRAINING | MODES.DOWNLOAD,
      expiry: 4_102_444_800,
      basis: consentBasis.subjectSigned,
      evidence: keccak256(toHex(`evidence ${i}`)),
      weight: 1,
      originVersion: 1,
    };
    return change.consent?.(leaf, i) ?? leaf;
  });
  return {
    listing,
    records: people.map(({ address }, i) => ({
      recordId: newRecordId(),
      subject: address,
      schema: schemaDigest(SCHEMA),
      plaintext: new TextEncoder().encode(JSON.stringify(bundleOf(i, change.mark))),
    })),
    consents,
    descriptor: {
      title: "Blood pressure",
      description: "Patients of a test.",
      country: "AT",
      conditions: [],
      schemas: [SCHEMA],
      contact: { name: "Test hospital" },
    },
    eligibility: ZERO,
  };
}

/** Gives an account ether and test dollars. */
export async function endow(network: GatewayNetwork, account: Account): Promise<void> {
  await network.rpc("anvil_setBalance", [account.address, toHex(10n ** 20n)]);
  const { reader, deployment } = network;
  const writer = network.as(account);
  const hash = await writer.walletClient.writeContract({
    address: deployment.contracts.TestDollar!,
    abi: testDollarAbi,
    functionName: "mint",
    args: [account.address, 1_000_000n * DOLLAR],
  });
  await reader.publicClient.waitForTransactionReceipt({ hash });
}

export type Placed = Awaited<ReturnType<typeof placeOrder>>;

/** Drafts, funds and, unless told otherwise, submits an order. */
export async function placeOrder(
  network: GatewayNetwork,
  request: {
    buyer: Account;
    asset: bigint;
    kind: number;
    spec?: unknown;
    uses?: bigint;
    job?: Hex;
    terms?: Terms;
    disease?: Hex;
    /** digest of the project */
    project?: Hex;
    /** makes what the terms ask to be shown, from the drafted order */
    evidence?: (order: Order) => Promise<Hex>;
    submit?: boolean;
    deliverWithin?: number;
    privacyCap?: bigint;
  },
) {
  const { buyer, asset, kind, spec, uses = USES, terms = TERMS, submit = true } = request;
  const salt = toHex(randomBytes(32));
  const recipientKey = await generateHpkeKeyPair();
  const draft = await buildOrder(network.reader, {
    buyer: buyer.address,
    asset,
    kind,
    uses,
    country: 40,
    ...(request.disease ? { disease: request.disease } : {}),
    project: request.project ?? ZERO,
    job: request.job ?? (spec === undefined ? NO_JOB : commitJob(spec, salt)),
    recipientKey: recipientKey.publicKey,
    privacyCap: request.privacyCap ?? 1_000_000_000n,
    ...(request.deliverWithin ? { deliverWithin: request.deliverWithin } : {}),
  });
  const { id } = await fundOrder(network.as(buyer), {
    draft,
    terms,
    evidence: (await request.evidence?.(draft.order)) ?? "0x",
  });
  const submission = { id, order: draft.order, ...(spec === undefined ? {} : { spec, salt }) };
  const executor = network.gateways[draft.order.custodian - 1]!.target();
  if (submit) await submitJob(executor, submission);
  return { id, ...draft, salt, recipientKey, executor, submission };
}

/** Waits for an order's delivery; fails with the gateway's own words if it fails. */
export async function deliveryOf(placed: { executor: GatewayTarget; id: Hex }) {
  const view = await waitForOrder(placed.executor, { id: placed.id });
  if (view.state === "failed") throw new Error(`${view.failure?.code}: ${view.failure?.message}`);
  return { view, receipt: fromWire("Receipt", view.receipt) };
}

/** Fetches a result as soon as its delivery is final, and opens it. */
export async function resultOf(
  network: GatewayNetwork,
  placed: Placed,
  buyer: Account,
  from?: GatewayTarget,
) {
  const { view, receipt } = await deliveryOf(placed);
  const { chainId, contracts } = network.deployment;
  for (let tries = 0; ; tries += 1) {
    try {
      const sealed = await getResult(from ?? placed.executor, { id: placed.id, signer: buyer as never });
      const about = { recipientKey: placed.recipientKey, chainId, escrow: contracts.AccessEscrow };
      return { view, receipt, sealed, opened: await openResult({ sealed, receipt, ...about }) };
    } catch (error) {
      if ((error as { code?: string }).code !== "GATEWAY_NOT_FINAL" || tries > 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}

/** The word of gateway 1's operator for uploads to a dataset of its own. */
export function uploadTokenFor(
  network: GatewayNetwork,
  { asset, salt }: { asset: bigint; salt: Hex },
): Promise<string> {
  const { walletClient } = network.operator(0);
  return signUploadToken({
    signer: walletClient,
    chainId: network.deployment.chainId,
    gatewayRegistry: network.deployment.contracts.GatewayRegistry,
    asset,
    curator: walletClient.account.address,
    salt,
    custodian: 1,
  });
}

/** Fetches and opens all that the three gateways release of a delivered download. */
export function downloadAll(
  network: GatewayNetwork,
  { dataset, placed, buyer }: { dataset: Dataset; placed: Placed; buyer: PrivateKeyAccount },
) {
  return downloadRecords({
    id: placed.id,
    order: placed.order,
    gateways: network.gateways.map((gateway) => gateway.target()),
    manifest: dataset.built.manifest,
    signer: buyer,
    recipientKey: placed.recipientKey,
    escrow: network.deployment.contracts.AccessEscrow,
  });
}

/** Prepays two runs of a count, the first on the version of now; its job is not handed in yet. */
export async function openMandate(network: GatewayNetwork, about: { buyer: Account; asset: bigint }) {
  const salt = toHex(randomBytes(32));
  const { publicKey: recipientKey } = await generateHpkeKeyPair();
  const { timestamp } = await network.reader.publicClient.getBlock();
  const draft = await buildMandate(network.reader, {
    buyer: about.buyer.address,
    asset: about.asset,
    kind: OrderKind.Analysis,
    uses: USES,
    country: 40,
    project: ZERO,
    job: commitJob(COUNT, salt),
    recipientKey,
    privacyCap: 1_000_000_000n,
    runs: 2,
    until: Number(timestamp) + 10_000,
    includeCurrent: true,
  });
  const { mandate } = draft;
  const { id } = await createMandate(network.as(about.buyer), draft);
  return { id, mandate, submission: { id, mandate, spec: COUNT, salt } };
}
