import type { Address } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { salusGovernorAbi } from "../generated/abis.ts";
import { proposalArguments, proposalId } from "./proposal-id.ts";
import type { Proposal } from "./types.ts";

const SUFFIX = /\s*#proposer=0x[0-9a-fA-F]{40}$/;

/**
 * A proposal whose text ends in its proposer's address. The governor then takes it from that account alone: nobody who sees it
 * on its way can propose it first, and cancel it.
 */
export function withProposer({ calls, description }: Proposal, proposer: Address): Proposal {
  return { calls, description: `${withoutProposer(description)}\n\n#proposer=${proposer.toLowerCase()}` };
}

/** A proposal's text as its author wrote it. */
export function withoutProposer(description: string): string {
  return description.replace(SUFFIX, "");
}

/**
 * Puts a proposal to the vote, in the sender's name. The sender needs votes above the threshold, now and a while ago, and no
 * other proposal that is still open.
 *
 * @returns its id, and the proposal with the proposer in its text, as queueing and executing need it
 */
export async function propose(
  salus: SalusWriter,
  draft: Proposal,
  options?: SendOptions,
): Promise<{ id: bigint; proposal: Proposal }> {
  const proposal = withProposer(draft, salus.walletClient.account.address);
  const { targets, values, calldatas } = proposalArguments(proposal);
  const args = [targets, values, calldatas, proposal.description] as const;
  const governor = { address: salus.deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  await send(salus, { ...governor, functionName: "propose", args }, options);
  return { id: proposalId(proposal), proposal };
}
