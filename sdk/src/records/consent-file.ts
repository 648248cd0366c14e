import * as v from "valibot";
import type { Hex } from "viem";
import { lowerHex } from "../crypto/bytes.ts";
import type { DatasetContext } from "../crypto/context.ts";
import { SalusError } from "../errors.ts";
import { consentLeaf, type ConsentLeaf } from "../trees/leaves.ts";
import { leafRoot, sortLeaves } from "../trees/tree.ts";
import { type ContentFile, readLeafFile, writeLeafFile, type LeafFileFormat } from "./leaf-file.ts";
import { address, bytes32, decimal, uint } from "./validators.ts";

/** Which version of which dataset a leaf file belongs to. */
export type VersionContext = DatasetContext & { version: number };

/** The public consent leaves of one version. */
export type ConsentFile = VersionContext & { leaves: ConsentLeaf[] };

/** Header fields that every leaf file begins with. */
export const versionHeader = {
  formatVersion: v.literal(1),
  chainId: uint(48),
  registry: address,
  dataset: decimal(256),
  version: uint(16),
  count: uint(32),
};

const format: LeafFileFormat<VersionContext & { count: number }, ConsentLeaf> = {
  name: "consent",
  maxBytes: 96 * 1024 * 1024,
  header: v.strictObject({ format: v.literal("salus-consents"), ...versionHeader }),
  line: v.strictObject({
    subject: address,
    purposes: decimal(128),
    modes: uint(8),
    expiry: uint(40),
    basis: uint(8),
    evidence: bytes32,
    weight: uint(32),
    originVersion: uint(16),
  }),
};

/**
 * Writes the consent leaf file of a version: header `{"format":"salus-consents","formatVersion":1,…}` and one line for each
 * leaf, ascending by subject.
 *
 * @throws SDK_DUPLICATE_LEAF
 */
export function writeConsentFile({ chainId, registry, dataset, version, leaves }: ConsentFile): ContentFile {
  const header = {
    format: "salus-consents",
    formatVersion: 1,
    chainId,
    registry: lowerHex(registry),
    dataset: String(dataset),
    version,
    count: leaves.length,
  };
  const sorted = sortLeaves(consentLeaf, leaves);
  return writeLeafFile(header, function* () {
    for (const leaf of sorted) {
      const { purposes, subject, evidence } = leaf;
      yield {
        ...leaf,
        subject: lowerHex(subject),
        purposes: String(purposes),
        evidence: lowerHex(evidence),
      };
    }
  });
}

/**
 * Reads a consent leaf file.
 *
 * @param expectedRoot the version's consent root on chain, if known: the leaves must give it
 * @throws SDK_FILE_MALFORMED, SDK_FILE_TOO_LARGE, SDK_DUPLICATE_LEAF, SDK_FILE_ROOT_MISMATCH
 */
export function parseConsentFile(bytes: Uint8Array, expectedRoot?: Hex): ConsentFile {
  const { header, leaves } = readLeafFile(format, bytes);
  const { chainId, registry, dataset, version } = header;
  const sorted = sortLeaves(consentLeaf, leaves);
  if (expectedRoot) assertRoot("consent", leafRoot(consentLeaf, sorted), expectedRoot);
  return { chainId, registry, dataset, version, leaves: sorted };
}

/** @throws SDK_FILE_ROOT_MISMATCH when the root of a file's leaves is not the one on chain */
export function assertRoot(file: string, actual: Hex, expected: Hex): void {
  if (actual === lowerHex(expected)) return;
  throw new SalusError({
    code: "SDK_FILE_ROOT_MISMATCH",
    message: `The leaves of the ${file} file have root ${actual}, not ${expected}.`,
    details: { file, actual, expected },
  });
}
