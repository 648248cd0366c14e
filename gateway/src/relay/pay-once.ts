import type { Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "@salus/sdk/chain/client";
import { isSalusError } from "@salus/sdk/errors";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { GatewayErrorCode } from "../errors/table.ts";
import { payFor } from "./pay-for.ts";
import { findRelayed, type Relayed } from "./spending.ts";

/**
 * Sends somebody's word at the operator's cost, once: asked again, its transaction is told.
 *
 * @param about the word's name must hold all that was signed, so that another word is never taken for it
 * @param code of the refusal, for what the contract does not take
 * @throws GATEWAY_RELAY_BUDGET, GATEWAY_RELAY_RUNNING, and what the chain or the network did
 */
export async function payOnce(
  context: Context,
  about: Relayed,
  code: GatewayErrorCode,
  send: (writer: SalusWriter) => Promise<TransactionReceipt>,
): Promise<Hex> {
  const done = await findRelayed(context, about.word);
  if (done) return done;
  try {
    return (await payFor(context, about, send)).transactionHash;
  } catch (error) {
    // A contract's own refusal, before anything was sent; what the chain or the network did is another matter.
    if (!isSalusError(error) || error.code.startsWith("SDK_")) throw error;
    // Another replica may have been first: then the contract refuses what it took already.
    const meanwhile = await findRelayed(context, about.word);
    if (meanwhile) return meanwhile;
    throw new GatewayError(code, error.message, { hint: error.hint, cause: error });
  }
}
