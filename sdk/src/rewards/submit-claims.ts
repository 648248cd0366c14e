import { type Hex, parseEventLogs, slice, type TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { SalusError } from "../errors.ts";
import { contributorRewardsAbi } from "../generated/abis.ts";
import { proveReward, type RewardProof } from "./prove-reward.ts";
import type { RewardFile } from "./reward-file.ts";
import type { SignedClaim } from "./sign-claim.ts";
import { depthOf, NODE_BYTES } from "./sum-tree.ts";

/** A signed claim with its proof under the claimable root. */
export type ProvenClaim = SignedClaim & { proof: RewardProof };

/** Submits a signed claim at the sender's cost. */
export function submitClaim(
  salus: SalusWriter,
  { claim, proof, signature }: ProvenClaim,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const { ContributorRewards: address } = salus.deployment.contracts;
  return send(
    salus,
    { address, abi: contributorRewardsAbi, functionName: "claimBySig", args: [claim, proof, signature] },
    options,
  );
}

/**
 * Submits several signed claims on one dataset and token in one transaction. Bad ones are skipped. The proofs share a
 * level of the tree, which makes each of fifty claims among 100,000 people cheaper by some 4,000 gas.
 *
 * @param file reward file of the root that is claimable now
 * @returns the receipt, and for each claim left out its place and the selector of the error
 * @throws SDK_INVALID_INPUT for claims on different datasets or tokens, SDK_LEAF_NOT_FOUND for a subject without earnings
 */
export async function submitClaims(
  salus: SalusWriter,
  file: Pick<RewardFile, "find" | "leaf" | "tree">,
  claims: readonly SignedClaim[],
  options?: SendOptions,
): Promise<{ receipt: TransactionReceipt; skipped: { index: number; reason: Hex }[] }> {
  const { dataset, token } = oneTarget(claims);
  const tree = file.tree();
  const depth = depthOf(tree.count);
  const above = Math.min(depth, Math.round(Math.log2(claims.length)));
  const relayed = claims.map(({ claim: { subject, to, upTo, deadline }, signature }) => {
    const { leaf, index, siblings } = proofOf(file, subject);
    const levels = (depth - above) * NODE_BYTES;
    const lower: Hex = levels === 0 ? "0x" : slice(siblings, 0, levels);
    return { leaf, index, to, upTo, deadline, siblings: lower, signature };
  });
  const receipt = await send(
    salus,
    {
      address: salus.deployment.contracts.ContributorRewards,
      abi: contributorRewardsAbi,
      functionName: "claimBatch",
      args: [dataset, token, tree.tops(above), relayed],
    },
    options,
  );
  const logs = parseEventLogs({ abi: contributorRewardsAbi, eventName: "ClaimSkipped", logs: receipt.logs });
  return { receipt, skipped: logs.map(({ args }) => ({ index: Number(args.index), reason: args.reason })) };
}

function oneTarget(claims: readonly SignedClaim[]): { dataset: bigint; token: Hex } {
  const [first] = claims;
  const one = claims.every(
    ({ claim }) =>
      claim.dataset === first?.claim.dataset && claim.token.toLowerCase() === first.claim.token.toLowerCase(),
  );
  if (first && one) return first.claim;
  throw new SalusError({
    code: "SDK_INVALID_INPUT",
    message: "A batch holds one or more claims on one dataset and token.",
    hint: "Submit the claims of each dataset and token in a batch of their own.",
  });
}

function proofOf(file: Pick<RewardFile, "find" | "leaf" | "tree">, subject: Hex): RewardProof {
  const proof = proveReward(file, subject);
  if (proof) return proof;
  throw new SalusError({
    code: "SDK_LEAF_NOT_FOUND",
    message: `Subject ${subject} has earned nothing under this root.`,
    hint: "Leave this claim out.",
    details: { subject },
  });
}
