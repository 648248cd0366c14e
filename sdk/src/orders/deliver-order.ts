import type { Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { accessEscrowAbi } from "../generated/abis.ts";
import type { Order, Receipt } from "../types.ts";

/** A gateway's signature over a receipt, failure or report. */
export type GatewaySignature = { gateway: number; signature: Hex };

/** Signatures in the order that the escrow asks for: rising by gateway. */
export function sortSignatures(signatures: readonly GatewaySignature[]): GatewaySignature[] {
  return [...signatures].sort((a, b) => a.gateway - b.gateway);
}

/** Delivers an order on its receipt, signed by the executor and enough gateways of its set. */
export function deliverOrder(
  salus: SalusWriter,
  { order, receipt, signatures }: { order: Order; receipt: Receipt; signatures: readonly GatewaySignature[] },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      functionName: "deliver",
      args: [order, receipt, sortSignatures(signatures)],
    },
    options,
  );
}
