import type { Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { accessEscrowAbi } from "../generated/abis.ts";
import type { Order } from "../types.ts";

/**
 * Pays out a delivered order at once: its buyer is content.
 *
 * @param buyerSignature `signStruct(deployment, "Acceptance", { order: id }, buyer)`; not needed when the buyer sends
 * @throws AccessEscrow_NotBuyer, AccessEscrow_NotReported for a download before its report
 */
export function acceptOrder(
  salus: SalusWriter,
  { order, buyerSignature = "0x" }: { order: Order; buyerSignature?: Hex },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      functionName: "accept",
      args: [order, buyerSignature],
    },
    options,
  );
}
