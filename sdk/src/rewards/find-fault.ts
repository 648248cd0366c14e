import type { RewardFile } from "./reward-file.ts";
import { compareSubjects } from "./reward-leaf.ts";
import { proveAt, type RewardProof } from "./prove-reward.ts";

/** A fault of a pending root that the contract voids at once. */
export type RewardFault =
  | { fault: "decrease"; before: RewardProof; pending: RewardProof }
  | { fault: "omission"; before: RewardProof; neighbours: RewardProof[] }
  | { fault: "disorder"; first: RewardProof; second: RewardProof };

/**
 * Looks for a fault that can be proven on chain: somebody has less than under the claimable root, or is missing, or the
 * leaves do not ascend. Files are read unchecked (`readRewardFile`), since a wrong one is what is looked for.
 *
 * @param before file of the claimable root; undefined before the first
 * @param pending file of the pending root
 * @returns the first fault found; undefined for none
 */
export function findRewardFault(
  before: RewardFile | undefined,
  pending: RewardFile,
): RewardFault | undefined {
  for (let i = 1; i < pending.count; i++) {
    if (compareSubjects(pending.leaf(i - 1).subject, pending.leaf(i).subject) >= 0) {
      return { fault: "disorder", first: proveAt(pending, i - 1), second: proveAt(pending, i) };
    }
  }
  if (!before) return undefined;
  // Both ascend: one walk along the two compares everybody.
  for (let i = 0, j = 0; i < before.count; i++) {
    const was = before.leaf(i);
    while (j < pending.count && compareSubjects(pending.leaf(j).subject, was.subject) < 0) j++;
    const is = j < pending.count ? pending.leaf(j) : undefined;
    if (!is || compareSubjects(is.subject, was.subject) !== 0) {
      const beside = [j - 1, j].filter((place) => place >= 0 && place < pending.count);
      const neighbours = beside.map((place) => proveAt(pending, place));
      return { fault: "omission", before: proveAt(before, i), neighbours };
    }
    if (is.cumulative < was.cumulative || is.lapsed < was.lapsed) {
      return { fault: "decrease", before: proveAt(before, i), pending: proveAt(pending, j) };
    }
  }
  return undefined;
}
