import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { issuanceOf } from "./contract.ts";

/**
 * Reads price and cap of an epoch that is over, once. Anyone may; the sooner, the nearer the price is to the epoch's end.
 * @throws Issuance_EpochRunning, Issuance_EpochClosed
 */
export function closeEpoch(
  salus: SalusWriter,
  epoch: number,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(salus, { ...issuanceOf(salus), functionName: "close", args: [epoch] }, options);
}
