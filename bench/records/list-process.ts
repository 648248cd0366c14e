// The process that `records.list100k.rss` measures: lists a cohort as an institution's own software would.
import { readFileSync } from "node:fs";
import { http, type Address, type Hex, keccak256, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type ConsentLeaf, connectAs, consentBasis, DUO, listCohort, MODES, newRecordId } from "@salus/sdk";
import { type RecordSchema, schemaDigest } from "@salus/sdk/records/descriptor";
import type { NewRecord } from "@salus/sdk/records/prepare-record";

/** What the process is told, as JSON in its one argument. */
export type ListTask = { rpcUrl: string; deploymentFile: string; operatorKey: Hex; subjects: number };

/** What it answers, as JSON in its last line. Bytes and seconds. */
export type ListAnswer = { asset: string; contentRoot: Hex; count: number; peakRss: number; seconds: number };

const SCHEMA: RecordSchema = {
  name: "FHIR R4 patient bundle",
  mediaType: "application/fhir+json",
  columns: [{ name: "birth_year", type: "integer" }],
};
const schema = schemaDigest(SCHEMA);
const NONE: Hex = `0x${"00".repeat(32)}`;

const subjectOf = (i: number): Address =>
  `0x${(2n ** 100n + BigInt(i) * 7919n).toString(16).padStart(40, "0")}`;

/** One patient with one observation, some 600 bytes. */
function bundleOf(i: number): Uint8Array {
  const patient = {
    resourceType: "Patient",
    id: `p${i}`,
    gender: i % 2 === 0 ? "female" : "male",
    birthDate: `${1940 + (i % 60)}-01-01`,
  };
  const observation = {
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
  };
  const entry = [{ resource: patient }, { resource: observation }];
  return new TextEncoder().encode(JSON.stringify({ resourceType: "Bundle", type: "collection", entry }));
}

function* records(count: number): Generator<NewRecord> {
  for (let i = 0; i < count; i += 1) {
    yield { recordId: newRecordId(), subject: subjectOf(i), schema, plaintext: bundleOf(i) };
  }
}

function consentOf(i: number): ConsentLeaf {
  return {
    subject: subjectOf(i),
    purposes: DUO.USE_HEALTH,
    modes: MODES.ANALYSIS,
    expiry: 4_102_444_800,
    basis: consentBasis.custodianAttested,
    evidence: keccak256(toHex(`evidence ${i}`)),
    weight: 1,
    originVersion: 1,
  };
}

const task = JSON.parse(process.argv[2]!) as ListTask;
const salus = connectAs({
  deployment: JSON.parse(readFileSync(task.deploymentFile, "utf8")),
  transport: http(task.rpcUrl),
  account: privateKeyToAccount(task.operatorKey),
  pollingInterval: 200,
});
const start = performance.now();
const { asset, built } = await listCohort(salus, {
  listing: {
    salt: toHex(crypto.getRandomValues(new Uint8Array(32))),
    price: 100_000_000n,
    token: 1,
    gatewaySet: 1,
    custodian: 1,
    custodianBps: 2_000,
    curatorBps: 1_000,
    modes: MODES.DATASET_MODES,
    population: 0,
    privacyCap: 1_000_000_000_000n,
    terms: { duo: DUO.HMB, disease: NONE, royaltyBps: 0, agreement: NONE, countries: 0n, dates: 0n },
  },
  records: records(task.subjects),
  consents: Array.from({ length: task.subjects }, (_, i) => consentOf(i)),
  descriptor: {
    title: "Blood pressure",
    description: "A cohort of a measurement.",
    country: "AT",
    conditions: [],
    schemas: [SCHEMA],
    contact: { name: "Test hospital" },
  },
  eligibility: NONE,
  ...(process.env["SALUS_BENCH_TRACE"] ? { onProgress: trace() } : {}),
});
const answer: ListAnswer = {
  asset: asset.toString(),
  contentRoot: built.contentRoot,
  count: built.recordCount,
  peakRss: process.resourceUsage().maxRSS * 1024,
  seconds: (performance.now() - start) / 1000,
};
process.stdout.write(`${JSON.stringify(answer)}\n`);

/** Shows where memory goes: a line on standard error for every tenth of the records, and for each step. */
function trace() {
  let last = 0;
  return ({ step, done, of }: { step: string; done: number; of: number }) => {
    if (step === "records" && done - last < of / 10 && done < of) return;
    last = step === "records" ? done : 0;
    const { rss, heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
    const mib = (bytes: number) => Math.round(bytes / 2 ** 20);
    const peak = mib(process.resourceUsage().maxRSS * 1024);
    process.stderr.write(
      `${step} ${done}/${of}: rss ${mib(rss)} peak ${peak} heap ${mib(heapUsed)}/${mib(heapTotal)} external ${mib(external)} buffers ${mib(arrayBuffers)} MiB\n`,
    );
  };
}
