import type { Address, Hex } from "viem";
import { sealToRecipient } from "../crypto/index.ts";

/** The job of a model use: committed to in the order, sent sealed, seen by the executor's sandbox alone. */
export type InferenceSpec = { inference: 1; features: Record<string, { value: number; unit: string }> };

/** Seals a model's input with the salt of its job commitment to the executor's sealing key, for one order. */
export function sealModelInput(parameters: {
  sealingKey: Hex;
  chainId: number;
  escrow: Address;
  orderId: Hex;
  salt: Hex;
  spec: InferenceSpec;
}): Promise<Uint8Array> {
  const { sealingKey, chainId, escrow, orderId, salt, spec } = parameters;
  return sealToRecipient({
    recipientPublicKey: sealingKey,
    context: { chainId, escrow, orderId, purpose: "inference-input" },
    plaintext: new TextEncoder().encode(JSON.stringify({ salt, spec })),
  });
}
