import * as v from "valibot";
import type { Address } from "viem";
import { lowerHex } from "../crypto/bytes.ts";
import { type VersionContext, versionHeader } from "./consent-file.ts";
import { type ContentFile, type LeafFileFormat, readLeafFile, writeLeafFile } from "./leaf-file.ts";
import type { Manifest } from "./manifest.ts";
import { address, uint } from "./validators.ts";

/** What became of a subject's record from one version to the next. */
export type Change = "added" | "changed" | "withdrawn";

/** A subject whose record is not the one of the version before. */
export type SubjectChange = { subject: Address; change: Change };

/** The public list of what a version changed, ascending by subject. */
export type ChangesFile = VersionContext & {
  /** the version compared with */
  since: number;
  changes: SubjectChange[];
};

const format: LeafFileFormat<VersionContext & { since: number; count: number }, SubjectChange> = {
  name: "changes",
  maxBytes: 32 * 1024 * 1024,
  header: v.strictObject({ format: v.literal("salus-changes"), ...versionHeader, since: uint(16) }),
  line: v.strictObject({ subject: address, change: v.picklist(["added", "changed", "withdrawn"]) }),
};

/**
 * Who was added, whose record was changed and who was withdrawn between two versions of a dataset, ascending by subject. A
 * subject whose record stands in both under one record id is not among them, whatever became of their consent.
 */
export function compareVersions(
  before: Pick<Manifest, "entries">,
  after: Pick<Manifest, "entries">,
): SubjectChange[] {
  const old = new Map(before.entries.map(({ leaf }) => [lowerHex(leaf.subject), lowerHex(leaf.recordId)]));
  const changes: SubjectChange[] = [];
  for (const { leaf } of after.entries) {
    const subject = lowerHex(leaf.subject);
    const recordId = old.get(subject);
    old.delete(subject);
    if (recordId === undefined) changes.push({ subject, change: "added" });
    else if (recordId !== lowerHex(leaf.recordId)) changes.push({ subject, change: "changed" });
  }
  for (const subject of old.keys()) changes.push({ subject, change: "withdrawn" });
  return changes.sort((a, b) => (a.subject < b.subject ? -1 : 1));
}

/** How many subjects were added, changed and withdrawn. */
export function countChanges(changes: readonly SubjectChange[]): Record<Change, number> {
  const counts = { added: 0, changed: 0, withdrawn: 0 };
  for (const { change } of changes) counts[change] += 1;
  return counts;
}

/** Writes the changes file of a version: a header and one line for each changed subject. */
export function writeChangesFile({
  chainId,
  registry,
  dataset,
  version,
  since,
  changes,
}: ChangesFile): ContentFile {
  const header = {
    format: "salus-changes",
    formatVersion: 1,
    chainId,
    registry: lowerHex(registry),
    dataset: String(dataset),
    version,
    since,
    count: changes.length,
  };
  return writeLeafFile(header, () => changes);
}

/** Reads a changes file. @throws SDK_FILE_MALFORMED, SDK_FILE_TOO_LARGE */
export function parseChangesFile(bytes: Uint8Array): ChangesFile {
  const { header, leaves: changes } = readLeafFile(format, bytes);
  const { chainId, registry, dataset, version, since } = header;
  return { chainId, registry, dataset, version, since, changes };
}
