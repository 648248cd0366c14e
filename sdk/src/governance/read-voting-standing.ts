import type { Address } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { salusGovernorAbi, salusTokenAbi } from "../generated/abis.ts";
import { readProposal } from "./read-proposal.ts";
import type { ProposalState } from "./types.ts";

/** How an account stands to one proposal. */
export type VotingStanding = {
  state: ProposalState;
  /** second at which votes were, or will be, counted: what is delegated later does not count */
  start: number;
  voted: boolean;
  /** votes at that second, in 10⁻¹⁸ tokens; null before it */
  votes: bigint | null;
};

/**
 * Reads how an account stands to a proposal, in the block to come: there the head is a past block.
 * @throws GovernorNonexistentProposal
 */
export async function readVotingStanding(
  salus: SalusReader,
  id: bigint,
  account: Address,
): Promise<VotingStanding> {
  const { publicClient, deployment } = salus;
  const governor = { address: deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  const token = { address: deployment.contracts.SalusToken, abi: salusTokenAbi } as const;
  const { state, start } = await readProposal(salus, id);
  try {
    const [voted, votes] = await Promise.all([
      publicClient.readContract({ ...governor, functionName: "hasVoted", args: [id, account] }),
      state === "Pending"
        ? null
        : publicClient.readContract({
            ...token,
            functionName: "getPastVotes",
            args: [account, BigInt(start)],
            blockTag: "pending",
          }),
    ]);
    return { state, start, voted, votes };
  } catch (error) {
    throw await explainRevert(error);
  }
}
