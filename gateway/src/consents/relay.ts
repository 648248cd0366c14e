import type { Address, Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "@salus/sdk/chain/client";
import { isSalusError } from "@salus/sdk/errors";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { GatewayErrorCode } from "../errors/table.ts";
import { isSubjectKnown } from "./known-subject.ts";

/**
 * Submits somebody's signed word at the operator's cost, for subjects of datasets that this gateway serves. What the
 * registry would refuse is refused before anything is sent; the operator's own rights add nothing, since a word that
 * carries a signature speaks by that alone.
 *
 * @param code of the refusal
 */
export async function relay(
  context: Context,
  { dataset, subject }: { dataset: bigint; subject: Address },
  code: GatewayErrorCode,
  send: (writer: SalusWriter) => Promise<TransactionReceipt>,
): Promise<Hex> {
  if (!(await isSubjectKnown(context, dataset, subject.toLowerCase() as Address))) {
    throw new GatewayError(code, "This gateway holds no record of the subject in this dataset.", {
      hint: "Send it to a gateway of the dataset's gateway set, or submit it on chain yourself.",
    });
  }
  try {
    return (await context.sender(send)).transactionHash;
  } catch (error) {
    if (!isSalusError(error) || !error.code.startsWith("ConsentRegistry_")) throw error;
    throw new GatewayError(code, error.message, { hint: error.hint, cause: error });
  }
}
