import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { salusGovernorAbi } from "../generated/abis.ts";
import { proposalArguments } from "./proposal-id.ts";
import type { Proposal } from "./types.ts";

/** Executes a queued proposal whose time has come. Anyone may. */
export function executeProposal(
  salus: SalusWriter,
  proposal: Proposal,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const { targets, values, calldatas, descriptionHash } = proposalArguments(proposal);
  const args = [targets, values, calldatas, descriptionHash] as const;
  const governor = { address: salus.deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  return send(salus, { ...governor, functionName: "execute", args }, options);
}
