import { type Address, type Hex, recoverAddress } from "viem";

/** A digest and a signature over it. */
export type SignedDigest = { hash: Hex; signature: Hex };

/**
 * The address whose key made a signature (ECDSA over secp256k1, with recovery: SEC 1, 4.1.6). Holds no key and asks nobody.
 *
 * @returns nothing for what is not an ordinary key's signature; a contract's may have any form
 */
export default async function recoverSigner(signed: SignedDigest): Promise<Address | undefined> {
  try {
    return await recoverAddress(signed);
  } catch {
    return undefined;
  }
}
