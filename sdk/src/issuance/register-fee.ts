import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import type { Order } from "../types.ts";
import { issuanceOf } from "./contract.ts";

/**
 * Registers a settled order, so that its custodian, curator and contributors are issued tokens for the fee that it paid.
 * Anyone may, until thirty days after the end of the epoch in which it was settled.
 * @throws Issuance_NotSettled, Issuance_OtherToken, Issuance_NoFee, Issuance_TooLate, Issuance_AlreadyRegistered
 */
export function registerFee(
  salus: SalusWriter,
  order: Order,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(salus, { ...issuanceOf(salus), functionName: "register", args: [order] }, options);
}
