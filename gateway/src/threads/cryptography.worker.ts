import { sealToRecipient as seal } from "@salus/sdk/crypto/seal-to-recipient";
import { isSalusError } from "@salus/sdk/errors";
import { type Address, type Hex, recoverAddress } from "viem";

/* What the thread beside the main one does. It holds no key of the gateway, asks nobody and decides nothing. */

/** A digest and a signature over it. */
export type SignedDigest = { hash: Hex; signature: Hex };

/**
 * The address whose key made a signature (ECDSA over secp256k1, with recovery: SEC 1, 4.1.6).
 *
 * @returns nothing for what is not an ordinary key's signature; a contract's may have any form
 */
export async function recoverSigner(signed: SignedDigest): Promise<Address | undefined> {
  try {
    return await recoverAddress(signed);
  } catch {
    return undefined;
  }
}

/** What to seal; the plaintext is handed over, and wiped. */
export type Sealing = Parameters<typeof seal>[0];

/** A sealed message, or why there is none: an error would lose its code on the way between threads. */
export type Sealed = { sealed: Uint8Array } | { refused: { code: string; message: string; hint: string } };

/** Seals to one recipient and one order, as the sdk's function of the same name does. */
export async function sealToRecipient(parameters: Sealing): Promise<Sealed> {
  try {
    return { sealed: await seal(parameters) };
  } catch (error) {
    if (!isSalusError(error)) throw error;
    const { code, message, hint } = error;
    return { refused: { code, message, hint } };
  } finally {
    parameters.plaintext.fill(0);
  }
}
