import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { salusGovernorAbi } from "../generated/abis.ts";
import { proposalArguments } from "./proposal-id.ts";
import type { Proposal } from "./types.ts";

/** Queues a proposal that succeeded; it waits out the timelock. Anyone may. */
export function queueProposal(
  salus: SalusWriter,
  proposal: Proposal,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const { targets, values, calldatas, descriptionHash } = proposalArguments(proposal);
  const args = [targets, values, calldatas, descriptionHash] as const;
  const governor = { address: salus.deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  return send(salus, { ...governor, functionName: "queue", args }, options);
}
