import type { Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { logCheckpointsAbi } from "../generated/abi/logCheckpoints.ts";
import type { Checkpoint } from "../types.ts";

/**
 * Posts the state of a gateway's log; anyone may.
 *
 * @param signatures the gateway's own and one or more other active gateways', in any order
 * @param proof RFC 6962 consistency proof from the latest posted checkpoint; empty for the first
 * @throws LogCheckpoints_… errors with a hint
 */
export function postCheckpoint(
  salus: SalusWriter,
  d: {
    checkpoint: Checkpoint;
    signatures: readonly { gateway: number; signature: Hex }[];
    proof: readonly Hex[];
  },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const signatures = d.signatures.toSorted((a, b) => a.gateway - b.gateway);
  return send(
    salus,
    {
      address: salus.deployment.contracts.LogCheckpoints,
      abi: logCheckpointsAbi,
      functionName: "post",
      args: [d.checkpoint, signatures, [...d.proof]],
    },
    options,
  );
}
