import type { Address, Hex } from "viem";
import { openSealed, type RecipientKey, sha256, toHex } from "../crypto/index.ts";
import { SalusError } from "../errors.ts";
import type { Receipt } from "../types.ts";
import { commitOutput } from "./commitments.ts";

/** What is sealed to the buyer: the result, and what opens the receipt's commitments to it. */
export type ResultEnvelope = {
  format: "salus-result";
  formatVersion: 1;
  order: Hex;
  /** as the output gate let it out */
  result: unknown;
  /** SHA-256 that the receipt's output commits to: of the model's file for training, else of `canonicalJson(result)` */
  outputDigest: Hex;
  outputSalt: Hex;
};

/**
 * Opens a sealed result and checks it against the order's receipt.
 *
 * @throws SDK_RESULT_MISMATCH when the bytes or the output are not those of the receipt; SDK_SEALED_OPEN_FAILED
 */
export async function openResult(parameters: {
  sealed: Uint8Array;
  receipt: Receipt;
  recipientKey: RecipientKey;
  chainId: number;
  escrow: Address;
}): Promise<ResultEnvelope> {
  const { sealed, receipt, recipientKey, chainId, escrow } = parameters;
  if (toHex(sha256(sealed)) !== receipt.result.toLowerCase()) throw mismatch("sealed result", receipt.order);
  const context = { chainId, escrow, orderId: receipt.order, purpose: "result" } as const;
  const plaintext = await openSealed({ recipientKey, context, sealed });
  const envelope = JSON.parse(new TextDecoder().decode(plaintext)) as ResultEnvelope;
  const committed = commitOutput(envelope.outputSalt, envelope.outputDigest);
  if (envelope.order !== receipt.order || committed !== receipt.output.toLowerCase()) {
    throw mismatch("output", receipt.order);
  }
  return envelope;
}

function mismatch(what: string, order: Hex): SalusError {
  return new SalusError({
    code: "SDK_RESULT_MISMATCH",
    message: `The ${what} is not the one in the receipt of order ${order}.`,
    hint: "Fetch the result again from another signer of the receipt; if it stays, open a dispute.",
    details: { order },
  });
}
