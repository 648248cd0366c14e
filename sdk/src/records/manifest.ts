import * as v from "valibot";
import type { Hex } from "viem";
import { lowerHex } from "../crypto/bytes.ts";
import { hashShareCommitments } from "../crypto/commitments.ts";
import { SalusError } from "../errors.ts";
import { recordLeaf, type RecordLeaf } from "../trees/leaves.ts";
import { leafRoot, sortLeaves } from "../trees/tree.ts";
import { assertRoot, versionHeader, type VersionContext } from "./consent-file.ts";
import { type ContentFile, readLeafFile, writeLeafFile, type LeafFileFormat } from "./leaf-file.ts";
import { address, bytes32, decimal, uint } from "./validators.ts";

/** A record of a version: its leaf, and the share commitments that the leaf's `shareCommitments` is the hash of. */
export type ManifestEntry = {
  leaf: RecordLeaf;
  /** one for each gateway of the set, in gateway order */
  commitments: readonly Hex[];
};

/** All records of one version, with the gateways (ascending indexes) that hold their key shares. */
export type Manifest = VersionContext & {
  gateways: readonly number[];
  threshold: number;
  /** ascending by record id */
  entries: readonly ManifestEntry[];
};

type ManifestHeader = VersionContext & { gateways: number[]; threshold: number; count: number };

const format: LeafFileFormat<ManifestHeader, ManifestEntry> = {
  name: "manifest",
  maxBytes: 256 * 1024 * 1024,
  header: v.strictObject({
    format: v.literal("salus-manifest"),
    ...versionHeader,
    gateways: v.pipe(v.array(uint(16)), v.minLength(2), v.maxLength(255)),
    threshold: uint(8),
  }),
  line: v.pipe(
    v.strictObject({
      recordId: bytes32,
      subject: address,
      content: bytes32,
      size: decimal(64),
      keyCommitment: bytes32,
      schema: bytes32,
      originVersion: uint(16),
      commitments: v.pipe(v.array(bytes32), v.minLength(2), v.maxLength(255)),
    }),
    v.transform(({ commitments, ...leaf }) => ({
      leaf: { ...leaf, shareCommitments: hashShareCommitments(commitments) },
      commitments,
    })),
  ),
};

/** Root of a version's records: what goes on chain as its content root. @throws SDK_DUPLICATE_LEAF */
export function contentRootOf(entries: Iterable<ManifestEntry>): Hex {
  return leafRoot(
    recordLeaf,
    Array.from(entries, (entry) => entry.leaf),
  );
}

/**
 * Writes the manifest file of a version: header `{"format":"salus-manifest","formatVersion":1,…}` and one line for each
 * record, ascending by record id. A leaf's `shareCommitments` is not written, as it follows from `commitments`.
 *
 * @throws SDK_SHARE_COMMITMENTS_MISMATCH when an entry's commitments are not the ones of its leaf
 */
export function writeManifest(manifest: Manifest): ContentFile {
  const header = {
    format: "salus-manifest",
    formatVersion: 1,
    chainId: manifest.chainId,
    registry: lowerHex(manifest.registry),
    dataset: String(manifest.dataset),
    version: manifest.version,
    gateways: manifest.gateways,
    threshold: manifest.threshold,
    count: manifest.entries.length,
  };
  const entries = sortEntries(manifest.entries);
  return writeLeafFile(header, function* () {
    for (const entry of entries) yield lineOf(entry, manifest.gateways.length);
  });
}

function lineOf(entry: ManifestEntry, gateways: number) {
  assertCommitments(entry, gateways);
  const { shareCommitments: _, ...leaf } = entry.leaf;
  return {
    ...leaf,
    recordId: lowerHex(leaf.recordId),
    subject: lowerHex(leaf.subject),
    content: lowerHex(leaf.content),
    keyCommitment: lowerHex(leaf.keyCommitment),
    schema: lowerHex(leaf.schema),
    size: String(leaf.size),
    commitments: entry.commitments.map(lowerHex),
  };
}

/**
 * Reads a manifest file.
 *
 * @param expectedRoot the version's content root on chain, if known: the records must give it
 * @throws SDK_FILE_MALFORMED, SDK_FILE_TOO_LARGE, SDK_SHARE_COMMITMENTS_MISMATCH, SDK_FILE_ROOT_MISMATCH
 */
export function parseManifest(bytes: Uint8Array, expectedRoot?: Hex): Manifest {
  const { header, leaves } = readLeafFile(format, bytes);
  const { chainId, registry, dataset, version, gateways, threshold } = header;
  const entries = sortEntries(leaves);
  // The leaf's hash was just computed from these commitments: their number is what remains to be checked.
  for (const entry of entries)
    if (entry.commitments.length !== gateways.length) assertCommitments(entry, gateways.length);
  if (expectedRoot) assertRoot("manifest", contentRootOf(entries), expectedRoot);
  return { chainId, registry, dataset, version, gateways, threshold, entries };
}

/** Entries ascending by record id. @throws SDK_DUPLICATE_LEAF */
export function sortEntries(entries: readonly ManifestEntry[]): ManifestEntry[] {
  const entryOf = new Map(entries.map((entry) => [entry.leaf, entry]));
  return sortLeaves(recordLeaf, entryOf.keys()).map((leaf) => entryOf.get(leaf)!);
}

/** @throws SDK_SHARE_COMMITMENTS_MISMATCH unless there is one commitment for each gateway and their hash is in the leaf */
export function assertCommitments({ leaf, commitments }: ManifestEntry, gateways: number): void {
  const matches = hashShareCommitments(commitments) === lowerHex(leaf.shareCommitments);
  if (matches && commitments.length === gateways) return;
  throw new SalusError({
    code: "SDK_SHARE_COMMITMENTS_MISMATCH",
    message: `Record ${leaf.recordId} has ${commitments.length} share commitments for ${gateways} gateways${matches ? "" : ", and they are not those of its leaf"}.`,
    details: { recordId: leaf.recordId, commitments: commitments.length, gateways },
  });
}
