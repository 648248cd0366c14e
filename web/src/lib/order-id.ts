const ORDER_ID = /^0x[0-9a-f]{64}$/;

/** An order's id (EIP-712 digest, 32 bytes) in lower case, or null when the text is none. */
export function parseOrderId(text: string): `0x${string}` | null {
  const id = text.trim().toLowerCase();
  return ORDER_ID.test(id) ? (id as `0x${string}`) : null;
}
