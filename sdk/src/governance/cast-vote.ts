import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { salusGovernorAbi } from "../generated/abis.ts";

/**
 * Votes, with a reason that everyone can read.
 * @param choice one of `support`
 */
export function castVote(
  salus: SalusWriter,
  { id, choice, reason = "" }: { id: bigint; choice: number; reason?: string },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const governor = { address: salus.deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  return send(
    salus,
    { ...governor, functionName: "castVoteWithReason", args: [id, choice, reason] },
    options,
  );
}
