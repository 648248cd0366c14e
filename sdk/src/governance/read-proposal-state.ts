import type { SalusReader } from "../chain/client.ts";
import { salusGovernorAbi } from "../generated/abis.ts";
import { proposalStates, type ProposalState } from "./types.ts";

/** What only a transaction brings about, time never. */
const BY_TRANSACTION: ReadonlySet<ProposalState> = new Set(["Canceled", "Queued", "Executed"]);

/**
 * Where a proposal stands. Time is that of the block to come: on a quiet chain the head may be long past. But what a
 * transaction does counts once it is in a block, so that nothing shows as done that only waits to be.
 */
export async function readProposalState(
  { publicClient, deployment }: SalusReader,
  id: bigint,
): Promise<ProposalState> {
  const governor = { address: deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  const at = async (blockTag: "latest" | "pending") => {
    const asked = { ...governor, functionName: "state", args: [id], blockTag } as const;
    return proposalStates[await publicClient.readContract(asked)]!;
  };
  const state = await at("pending");
  return BY_TRANSACTION.has(state) ? at("latest") : state;
}
