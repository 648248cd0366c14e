import { parseEventLogs, type Hex, type TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { contributorRewardsAbi } from "../generated/abis.ts";
import type { RewardProof } from "./prove-reward.ts";
import type { SignedClaim } from "./sign-claim.ts";

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
 * Submits several signed claims in one transaction. Bad ones are skipped.
 * @returns the receipt, and for each claim left out its place and the selector of the error
 */
export async function submitClaims(
  salus: SalusWriter,
  claims: readonly ProvenClaim[],
  options?: SendOptions,
): Promise<{ receipt: TransactionReceipt; skipped: { index: number; reason: Hex }[] }> {
  const receipt = await send(
    salus,
    {
      address: salus.deployment.contracts.ContributorRewards,
      abi: contributorRewardsAbi,
      functionName: "claimBatch",
      args: [
        claims.map(({ claim }) => claim),
        claims.map(({ proof }) => proof),
        claims.map((c) => c.signature),
      ],
    },
    options,
  );
  const logs = parseEventLogs({ abi: contributorRewardsAbi, eventName: "ClaimSkipped", logs: receipt.logs });
  return { receipt, skipped: logs.map(({ args }) => ({ index: Number(args.index), reason: args.reason })) };
}
