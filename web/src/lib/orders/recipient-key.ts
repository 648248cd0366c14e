import type { Hex } from "#lib/data/types.ts";

/**
 * A fresh X25519 key pair for one order. The private key cannot be read out, only used, in this browser.
 * @returns the pair, and the public key as orders name it
 */
export async function newRecipientKey(): Promise<{ pair: CryptoKeyPair; publicKey: Hex }> {
  const pair = (await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { pair, publicKey: toHex(raw) };
}

/** 32 random bytes. */
export function randomSalt(): Hex {
  return toHex(crypto.getRandomValues(new Uint8Array(32)));
}

function toHex(bytes: Uint8Array): Hex {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
