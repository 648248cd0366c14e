import { createHash } from "node:crypto";

/*
 * Merkle tree hashes and consistency proofs by the recursive definitions of RFC 6962 §2.1 and §2.1.2 as they are written
 * there: the oracle for whatever computes or verifies them otherwise.
 */

const digest = (...parts: Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();

/** The largest power of two smaller than n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** MTH(D[n]). */
export function treeHash(list: readonly Uint8Array[]): Buffer {
  if (list.length === 0) return digest();
  if (list.length === 1) return digest(Uint8Array.of(0), list[0]!);
  const k = split(list.length);
  return digest(Uint8Array.of(1), treeHash(list.slice(0, k)), treeHash(list.slice(k)));
}

/** SUBPROOF(m, D[n], b). */
function subproof(m: number, list: readonly Uint8Array[], known: boolean): Buffer[] {
  const n = list.length;
  if (m === n) return known ? [] : [treeHash(list)];
  const k = split(n);
  if (m <= k) return [...subproof(m, list.slice(0, k), known), treeHash(list.slice(k))];
  return [...subproof(m - k, list.slice(k), false), treeHash(list.slice(0, k))];
}

/** PROOF(m, D[n]): that the first `m` entries, at least one, are the beginning of the list. */
export function consistencyProof(m: number, list: readonly Uint8Array[]): Buffer[] {
  return subproof(m, list, true);
}
