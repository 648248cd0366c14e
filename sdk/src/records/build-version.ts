import type { Hex } from "viem";
import { cidFromDigest } from "../cid.ts";
import { assertGatewaySet, type GatewayKey, type GatewaySet, sealShareBatch } from "../crypto/seal-shares.ts";
import { createShareBatch, type ShareBatch } from "../crypto/share-batch.ts";
import { SalusError } from "../errors.ts";
import { consentLeaf, type ConsentLeaf } from "../trees/leaves.ts";
import { leafRoot, sortLeaves } from "../trees/tree.ts";
import { compareVersions, countChanges, writeChangesFile } from "./changes-file.ts";
import { assertOneConsentPerRecord } from "./check-version.ts";
import { type VersionContext, writeConsentFile } from "./consent-file.ts";
import { type Descriptor, type DescriptorDraft, writeDescriptor } from "./descriptor.ts";
import type { ContentFile } from "./leaf-file.ts";
import { contentRootOf, type Manifest, type ManifestEntry, sortEntries, writeManifest } from "./manifest.ts";
import {
  type CiphertextStream,
  type LargeRecord,
  type NewRecord,
  type PreparedRecord,
  prepareLargeRecord,
  prepareRecord,
} from "./prepare-record.ts";

/** Records encrypted at the same time: enough to keep WebCrypto's threads busy, few enough to stay small. */
export const AT_ONCE = 128;

/** Plaintext bytes encrypted at the same time. */
const BYTES_AT_ONCE = 16 * 1024 * 1024;

/** An encrypted record to upload under its content id. */
export type Ciphertext = ContentFile & { recordId: Hex };

/** Parameters of {@link buildVersion}. */
export type BuildVersionParameters = {
  context: VersionContext;
  /** ascending by index */
  gatewaySet: readonly GatewayKey[];
  threshold: number;
  /** records that are new or changed in this version, in any order */
  records: Iterable<NewRecord | LargeRecord> | AsyncIterable<NewRecord | LargeRecord>;
  /** records taken over from earlier versions; their ciphertext and key shares are where they were */
  carried?: readonly ManifestEntry[];
  /** the version before: what this one changes is listed in a public file */
  previous?: Manifest;
  /** one leaf for each subject of the version, carried ones included */
  consents: readonly ConsentLeaf[];
  descriptor: DescriptorDraft;
  /**
   * Takes each ciphertext as soon as it is made; building waits for it. Without it they are all collected in the answer,
   * which suits some thousand records at most.
   */
  store?: (ciphertext: Ciphertext) => Promise<void> | void;
  /** the same for many ciphertexts at a time, at most {@link AT_ONCE} and some 16 MiB */
  storeBatch?: (ciphertexts: Ciphertext[]) => Promise<void>;
  /** Takes the ciphertext of each {@link LargeRecord} while it is made, reading it to its end; needed when there are any. */
  storeLarge?: (ciphertext: CiphertextStream) => Promise<void>;
};

/** All that a version consists of. Only the plaintext was secret; the sealed shares open to their gateway alone. */
export type BuiltVersion = {
  /** empty when `store` took them */
  ciphertexts: Ciphertext[];
  manifest: Manifest;
  manifestFile: ContentFile;
  contentRoot: Hex;
  /** ascending by subject */
  consentLeaves: ConsentLeaf[];
  consentFile: ContentFile;
  consentRoot: Hex;
  /** with `previous` only */
  changesFile?: ContentFile;
  recordCount: number;
  /** one HPKE message for each gateway, in gateway order, with its key shares of all new records */
  sealedShares: { gateway: number; bytes: Uint8Array }[];
  descriptor: Descriptor;
  descriptorFile: ContentFile;
};

/**
 * Makes a version of a dataset: encrypts each new record under its own key, splits and seals the keys for the gateway set,
 * and builds manifest, consent leaves, roots and descriptor. It contacts nobody.
 *
 * @example
 * const built = await buildVersion({
 *   context: { chainId: 31337, registry, dataset: 1n, version: 1 },
 *   gatewaySet: [{ index: 0, hpkePublicKey: a }, { index: 1, hpkePublicKey: b }, { index: 2, hpkePublicKey: c }],
 *   threshold: 2,
 *   records: [{ recordId: newRecordId(), subject, schema: schemaDigest(schema), plaintext }],
 *   consents: [{ subject, purposes: 1n, modes: 1, expiry, basis: 0, evidence, weight: 1, originVersion: 1 }],
 *   descriptor: { title, description, country: "DE", conditions: [], schemas: [schema], contact: { name } },
 * });
 *
 * @throws SDK_DUPLICATE_SUBJECT, SDK_CONSENT_MISSING, SDK_CONSENT_WITHOUT_RECORD, SDK_DUPLICATE_LEAF,
 *   SDK_RECORD_TOO_LARGE, SDK_DESCRIPTOR_INVALID, SDK_HPKE_KEY_INVALID, SDK_INVALID_INPUT, and what `store` throws
 */
export async function buildVersion(parameters: BuildVersionParameters): Promise<BuiltVersion> {
  const { context, threshold, carried = [], descriptor: draft } = parameters;
  const gatewaySet: GatewaySet = { gateways: parameters.gatewaySet, threshold };
  assertGatewaySet(gatewaySet);
  assertCarried(carried, context.version);
  const { ciphertexts, added, shares } = await encryptAll(parameters, gatewaySet);
  const entries = sortEntries([...carried, ...added]);
  assertOneConsentPerRecord(
    entries.map(({ leaf }) => leaf),
    parameters.consents,
  );
  const consentLeaves = sortLeaves(consentLeaf, parameters.consents);
  const gateways = gatewaySet.gateways.map(({ index }) => index);
  const { chainId, registry, dataset, version } = context;
  const manifest: Manifest = { chainId, registry, dataset, version, gateways, threshold, entries };
  const manifestFile = writeManifest(manifest);
  const consentFile = writeConsentFile({ ...context, leaves: consentLeaves });
  const changes = parameters.previous && listChanges(parameters.previous, manifest);
  const descriptor: Descriptor = {
    ...draft,
    format: "salus-descriptor",
    formatVersion: 1,
    leafFiles: {
      version,
      consents: consentFile.cid,
      manifest: manifestFile.cid,
      ...(changes && { changes: changes.file.cid }),
    },
    ...(changes && { changes: changes.summary }),
  };
  return {
    ciphertexts,
    manifest,
    manifestFile,
    contentRoot: contentRootOf(entries),
    consentLeaves,
    consentFile,
    consentRoot: leafRoot(consentLeaf, consentLeaves),
    ...(changes && { changesFile: changes.file }),
    recordCount: entries.length,
    sealedShares: await sealAll(context, gatewaySet, shares),
    descriptor,
    descriptorFile: writeDescriptor(descriptor),
  };
}

function listChanges(previous: Manifest, manifest: Manifest) {
  const since = previous.version;
  const changes = compareVersions(previous, manifest);
  return {
    file: writeChangesFile({ ...manifest, since, changes }),
    summary: { since, ...countChanges(changes) },
  };
}

function assertCarried(carried: readonly ManifestEntry[], version: number): void {
  const late = carried.find(({ leaf }) => leaf.originVersion >= version);
  if (!late) return;
  throw new SalusError({
    code: "SDK_INVALID_INPUT",
    message: `Record ${late.leaf.recordId} is of version ${late.leaf.originVersion}: version ${version} cannot carry it over.`,
    details: { recordId: late.leaf.recordId, originVersion: late.leaf.originVersion, version },
  });
}

type Encrypted = { ciphertexts: Ciphertext[]; added: ManifestEntry[]; shares: ShareBatch[] };

async function encryptAll(parameters: BuildVersionParameters, gatewaySet: GatewaySet): Promise<Encrypted> {
  const { context, records, store, storeBatch, storeLarge } = parameters;
  const result: Encrypted = {
    ciphertexts: [],
    added: [],
    shares: gatewaySet.gateways.map(() => createShareBatch()),
  };
  const keep = store ?? ((ciphertext: Ciphertext) => void result.ciphertexts.push(ciphertext));
  const keepAll =
    storeBatch ?? (async (all: Ciphertext[]) => void (await Promise.all(all.map((each) => keep(each)))));
  for await (const batch of inBatches(records)) {
    const small = batch.filter((record): record is NewRecord => "plaintext" in record);
    const prepared = await Promise.all(
      small.map((record) =>
        prepareRecord(contextOf(context, record), record.subject, record.plaintext, gatewaySet),
      ),
    );
    for (const record of prepared) list(result, record);
    if (prepared.length > 0) await keepAll(prepared.map(toCiphertext));
    // One large record after the other: each streams through memory that is meant for one.
    for (const record of batch) {
      if ("plaintext" in record) continue;
      if (!storeLarge) throw noStore(record);
      list(result, await prepareLargeRecord(contextOf(context, record), record, gatewaySet, storeLarge));
    }
  }
  return result;
}

function contextOf(context: VersionContext, { recordId, schema }: Pick<NewRecord, "recordId" | "schema">) {
  return { ...context, originVersion: context.version, recordId, schema };
}

function list(result: Encrypted, { entry, shares }: Omit<PreparedRecord, "envelope">): void {
  result.added.push(entry);
  shares.forEach((share, i) => {
    result.shares[i]!.add(share);
    share.share.fill(0);
  });
}

function noStore({ recordId, size }: LargeRecord): SalusError {
  return new SalusError({
    code: "SDK_INVALID_INPUT",
    message: `Record ${recordId} is a stream of ${size} bytes, and there is nowhere to store it.`,
    hint: "Pass `storeLarge`, or the record's bytes as `plaintext`.",
    details: { recordId, size },
  });
}

function toCiphertext({ envelope, entry: { leaf } }: PreparedRecord): Ciphertext {
  return { recordId: leaf.recordId, cid: cidFromDigest(leaf.content), bytes: envelope };
}

async function sealAll(context: VersionContext, gatewaySet: GatewaySet, shares: readonly ShareBatch[]) {
  const sealed: { gateway: number; bytes: Uint8Array }[] = [];
  for (const [i, { index: gateway }] of gatewaySet.gateways.entries()) {
    const batch = shares[i]!.encode();
    const bytes = await sealShareBatch({ context: { ...context, gatewaySet, gateway }, batch });
    sealed.push({ gateway, bytes });
  }
  return sealed;
}

async function* inBatches(records: BuildVersionParameters["records"]) {
  let batch: (NewRecord | LargeRecord)[] = [];
  let bytes = 0;
  for await (const record of records) {
    const size = "plaintext" in record ? record.plaintext.length : 0;
    if (batch.length === AT_ONCE || (batch.length > 0 && bytes + size > BYTES_AT_ONCE)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
