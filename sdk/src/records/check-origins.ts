import type { Hex } from "viem";
import { lowerHex } from "../crypto/bytes.ts";
import { SalusError } from "../errors.ts";
import type { RecordLeaf } from "../trees/leaves.ts";
import type { Manifest, ManifestEntry } from "./manifest.ts";

/**
 * Checks where a version's records come from: a record is either new in this version, or stands unchanged in the version
 * that its leaf names as its origin. Ciphertext that an earlier version holds is never new.
 *
 * @param earlier manifests of the versions that leaves may name, by version number; all of them, to find what was relisted
 * @throws SDK_ORIGIN_WRONG naming the record
 */
export function assertOrigins(manifest: Manifest, earlier: ReadonlyMap<number, Manifest>): void {
  const entriesOf = new Map(
    Array.from(earlier, ([number, { entries }]) => [number, byRecordId(entries)] as const),
  );
  const originOf = new Map<Hex, number>();
  for (const [number, { entries }] of earlier) {
    for (const { leaf } of entries) {
      if (leaf.originVersion === number) originOf.set(lowerHex(leaf.content), number);
    }
  }
  for (const entry of manifest.entries) {
    const { recordId, originVersion, content } = entry.leaf;
    if (originVersion > manifest.version)
      throw wrong(recordId, `names version ${originVersion}, a later one`);
    if (originVersion === manifest.version) {
      const origin = originOf.get(lowerHex(content));
      if (origin === undefined) continue;
      throw wrong(recordId, `reuses a ciphertext of version ${origin} without naming it as its origin`);
    }
    const first = entriesOf.get(originVersion)?.get(lowerHex(recordId));
    if (!first) throw wrong(recordId, `names version ${originVersion}, which holds no such record`);
    if (!isSame(first, entry)) throw wrong(recordId, `is not the one of version ${originVersion}`);
  }
}

function byRecordId(entries: readonly ManifestEntry[]): Map<Hex, ManifestEntry> {
  return new Map(entries.map((entry) => [lowerHex(entry.leaf.recordId), entry]));
}

/** The leaf holds the hash of the share commitments, so comparing leaves compares them too. */
function isSame({ leaf: a }: ManifestEntry, { leaf: b }: ManifestEntry): boolean {
  const hexFields = ["subject", "content", "keyCommitment", "shareCommitments", "schema"] as const;
  return (
    a.size === b.size &&
    a.originVersion === b.originVersion &&
    hexFields.every(
      (field: keyof RecordLeaf & (typeof hexFields)[number]) => lowerHex(a[field]) === lowerHex(b[field]),
    )
  );
}

function wrong(recordId: Hex, what: string): SalusError {
  return new SalusError({
    code: "SDK_ORIGIN_WRONG",
    message: `Record ${recordId} ${what}.`,
    details: { recordId },
  });
}
