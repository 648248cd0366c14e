import type { Address, Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { logCheckpointsAbi } from "../generated/abi/logCheckpoints.ts";
import type { Checkpoint } from "../types.ts";

/** A checkpoint with the signature of the gateway whose log it is. */
export type SignedCheckpoint = { checkpoint: Checkpoint; signature: Hex };

/**
 * Proves that a gateway signed two different logs of one size.
 * @param reporter who is to be rewarded; the sender if left out
 * @throws LogCheckpoints_NotEquivocation, LogCheckpoints_SignatureInvalid, LogCheckpoints_AlreadyProven
 */
export function proveEquivocation(
  salus: SalusWriter,
  d: { first: SignedCheckpoint; second: SignedCheckpoint; reporter?: Address },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const reporter = d.reporter ?? salus.walletClient.account.address;
  return send(
    salus,
    {
      address: salus.deployment.contracts.LogCheckpoints,
      abi: logCheckpointsAbi,
      functionName: "proveEquivocation",
      args: [d.first.checkpoint, d.first.signature, d.second.checkpoint, d.second.signature, reporter],
    },
    options,
  );
}
