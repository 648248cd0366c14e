import type { Address, Hex } from "viem";
import { concat } from "./bytes.ts";
import { domainTag } from "./hash.ts";
import { hpkeOpen, hpkeSeal, type RecipientKey } from "./hpke.ts";
import { encodeWords, type WordField } from "./words.ts";

/** What a sealed message is for; each has a domain tag of its own, so none can pass for another. */
export type MessagePurpose = "result" | "key-release" | "inference-input" | "inference-output";

/** What a message about an order is bound to. */
export type MessageContext = { chainId: number; escrow: Address; orderId: Hex; purpose: MessagePurpose };

const fields = [
  { name: "chainId", type: "uint256" },
  { name: "escrow", type: "address" },
  { name: "orderId", type: "bytes32" },
] as const satisfies readonly WordField[];

function encodeMessageContext(context: MessageContext): Uint8Array {
  return concat(domainTag(`salus.message.${context.purpose}.v1`), encodeWords(fields, context));
}

/**
 * Seals a result, released key shares, or a model's input to one recipient and one order (HPKE, RFC 9180, base mode).
 * Base mode does not say who sealed it: the sender's signature travels beside it.
 *
 * @example
 * const sealed = await sealToRecipient({
 *   recipientPublicKey: order.recipientKey,
 *   context: { chainId, escrow, orderId, purpose: "result" },
 *   plaintext,
 * });
 *
 * @throws SDK_HPKE_KEY_INVALID, SDK_INVALID_INPUT
 */
export async function sealToRecipient(parameters: {
  recipientPublicKey: Hex;
  context: MessageContext;
  plaintext: Uint8Array;
}): Promise<Uint8Array> {
  const { recipientPublicKey, context, plaintext } = parameters;
  return hpkeSeal({ recipientPublicKey, info: encodeMessageContext(context), plaintext });
}

/**
 * Opens what {@link sealToRecipient} sealed, given the same context.
 *
 * @throws SDK_SEALED_OPEN_FAILED (other key, order, chain or purpose, or changed bytes), SDK_SEALED_MALFORMED
 */
export async function openSealed(parameters: {
  recipientKey: RecipientKey;
  context: MessageContext;
  sealed: Uint8Array;
}): Promise<Uint8Array> {
  const { recipientKey, context, sealed } = parameters;
  return hpkeOpen({ recipientKey, info: encodeMessageContext(context), sealed });
}
