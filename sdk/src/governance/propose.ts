import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { salusGovernorAbi } from "../generated/abis.ts";
import { proposalArguments, proposalId } from "./proposal-id.ts";
import type { Proposal } from "./types.ts";

/** Puts a proposal to the vote. The sender needs votes above the threshold. @returns its id */
export async function propose(
  salus: SalusWriter,
  proposal: Proposal,
  options?: SendOptions,
): Promise<bigint> {
  const { targets, values, calldatas } = proposalArguments(proposal);
  const args = [targets, values, calldatas, proposal.description] as const;
  const governor = { address: salus.deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  await send(salus, { ...governor, functionName: "propose", args }, options);
  return proposalId(proposal);
}
