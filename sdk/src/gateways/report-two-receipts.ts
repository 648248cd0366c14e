import type { Address, Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { slashingAbi } from "../generated/abi/slashing.ts";
import type { Receipt } from "../types.ts";

/** A receipt with one gateway's signature. */
export type SignedBy = { receipt: Receipt; signature: Hex };

/**
 * Reports a gateway that signed two different receipts for one order at one consent block. The sender is rewarded.
 * @param escrow where the order is; the present escrow if left out
 * @throws Slashing_… errors with a hint
 */
export function reportTwoReceipts(
  salus: SalusWriter,
  d: { gateway: number; first: SignedBy; second: SignedBy; escrow?: Address },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const { AccessEscrow, Slashing } = salus.deployment.contracts;
  const { first, second } = d;
  return send(
    salus,
    {
      address: Slashing,
      abi: slashingAbi,
      functionName: "reportTwoReceipts",
      args: [
        d.escrow ?? AccessEscrow,
        d.gateway,
        first.receipt,
        first.signature,
        second.receipt,
        second.signature,
      ],
    },
    options,
  );
}
