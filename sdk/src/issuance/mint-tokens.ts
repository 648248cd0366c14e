import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import type { Order } from "../types.ts";
import { issuanceOf } from "./contract.ts";

/**
 * Mints what a registered order is entitled to: to its custodian, to its curator, and for its contributors to the asset's
 * pot, from where rewards pay it like other money. Anyone may, a year after the order's epoch or later.
 * @throws Issuance_NotRegistered, Issuance_TooEarly, Issuance_AlreadyMinted
 */
export function mintTokens(
  salus: SalusWriter,
  order: Order,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(salus, { ...issuanceOf(salus), functionName: "mint", args: [order] }, options);
}
