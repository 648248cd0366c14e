import { createHash } from "node:crypto";

/*
 * RFC 6962 §2.1 as it is written: recursions over the whole list of leaf data, split at the largest power of two below
 * its length. Slow and without any state, so that it shares nothing with the code under test.
 */

const digest = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();

function split(length: number): number {
  let k = 1;
  while (k * 2 < length) k *= 2;
  return k;
}

/** MTH(D[n]) */
export function treeHash(list: readonly Uint8Array[]): Uint8Array {
  if (list.length === 0) return digest();
  if (list.length === 1) return digest(Uint8Array.of(0), list[0]!);
  const k = split(list.length);
  return digest(Uint8Array.of(1), treeHash(list.slice(0, k)), treeHash(list.slice(k)));
}

/** PATH(m, D[n]), §2.1.1 */
export function auditPath(m: number, list: readonly Uint8Array[]): Uint8Array[] {
  if (list.length <= 1) return [];
  const k = split(list.length);
  if (m < k) return [...auditPath(m, list.slice(0, k)), treeHash(list.slice(k))];
  return [...auditPath(m - k, list.slice(k)), treeHash(list.slice(0, k))];
}

/** PROOF(m, D[n]), §2.1.2 */
export function consistencyPath(m: number, list: readonly Uint8Array[]): Uint8Array[] {
  return subproof(m, list, true);
}

function subproof(m: number, list: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (m === list.length) return whole ? [] : [treeHash(list)];
  const k = split(list.length);
  if (m <= k) return [...subproof(m, list.slice(0, k), whole), treeHash(list.slice(k))];
  return [...subproof(m - k, list.slice(k), false), treeHash(list.slice(0, k))];
}

/** Leaf data of a made-up log. */
export function entries(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => Buffer.from(`entry ${i}`));
}
