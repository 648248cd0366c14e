import type { Address } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { salusGovernorAbi, salusTokenAbi } from "../generated/abis.ts";
import { readProposal } from "./read-proposal.ts";

/** Whether an account may propose. Votes in 10⁻¹⁸ tokens. */
export type Proposer = {
  /** votes that a proposal takes */
  threshold: bigint;
  /** votes it has now */
  votes: bigint;
  /** votes it had a holding period ago */
  held: bigint;
  /** seconds for which a proposer must have had the votes */
  holdingPeriod: number;
  /** a proposal of its own that is still being decided */
  open: bigint | null;
};

/** Why an account cannot propose. */
export type NoProposalReason = "TooFewVotes" | "VotesTooFresh" | "ProposalOpen";

/**
 * Reads whether an account may propose, in the block to come.
 * @example whyNotPropose(await readProposer(salus, account)); // null: it may
 */
export async function readProposer(salus: SalusReader, account: Address): Promise<Proposer> {
  const { publicClient, deployment } = salus;
  const blockTag = "pending";
  const governor = { address: deployment.contracts.SalusGovernor, abi: salusGovernorAbi, blockTag } as const;
  const token = { address: deployment.contracts.SalusToken, abi: salusTokenAbi, blockTag } as const;
  try {
    const [threshold, holdingPeriod, last, votes, { timestamp }] = await Promise.all([
      publicClient.readContract({ ...governor, functionName: "proposalThreshold" }),
      publicClient.readContract({ ...governor, functionName: "holdingPeriod" }),
      publicClient.readContract({ ...governor, functionName: "lastProposalOf", args: [account] }),
      publicClient.readContract({ ...token, functionName: "getVotes", args: [account] }),
      publicClient.getBlock(),
    ]);
    const since = timestamp - BigInt(holdingPeriod);
    const [held, state] = await Promise.all([
      publicClient.readContract({ ...token, functionName: "getPastVotes", args: [account, since] }),
      last === 0n ? null : readProposal(salus, last).then((proposal) => proposal.state),
    ]);
    const open = state === "Pending" || state === "Active" ? last : null;
    return { threshold, votes, held, holdingPeriod: Number(holdingPeriod), open };
  } catch (error) {
    throw await explainRevert(error);
  }
}

/** Why an account cannot propose now; null when it can. */
export function whyNotPropose({ threshold, votes, held, open }: Proposer): NoProposalReason | null {
  if (open !== null) return "ProposalOpen";
  if (votes < threshold) return "TooFewVotes";
  return held < threshold ? "VotesTooFresh" : null;
}
