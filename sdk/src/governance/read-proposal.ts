import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { salusGovernorAbi } from "../generated/abis.ts";
import { readProposalState } from "./read-proposal-state.ts";
import type { ProposalState } from "./types.ts";

/** State of a proposal and the times, in seconds, at which voting starts and ends and execution becomes possible. */
export async function readProposal(
  salus: SalusReader,
  id: bigint,
): Promise<{ state: ProposalState; start: number; end: number; executableAt: number }> {
  const { publicClient, deployment } = salus;
  const governor = {
    address: deployment.contracts.SalusGovernor,
    abi: salusGovernorAbi,
    args: [id],
  } as const;
  try {
    const [state, start, end, eta] = await Promise.all([
      readProposalState(salus, id),
      publicClient.readContract({ ...governor, functionName: "proposalSnapshot" }),
      publicClient.readContract({ ...governor, functionName: "proposalDeadline" }),
      publicClient.readContract({ ...governor, functionName: "proposalEta" }),
    ]);
    return {
      state,
      start: Number(start),
      end: Number(end),
      executableAt: Number(eta),
    };
  } catch (error) {
    throw await explainRevert(error);
  }
}
