import type { Address, Hex } from "viem";
import type { HpkeOpener } from "@salus/sdk/crypto/hpke";

/** A secp256k1 key that signs digests; where it lies is the vault's business. */
export type SigningKey = {
  readonly address: Address;
  /** Signs a 32-byte digest: r ‖ s ‖ v, 65 bytes, s in the lower half and v 27 or 28. */
  sign(digest: Hex): Promise<Hex>;
};

/**
 * Where a gateway's three keys lie: an encrypted file, a key management service, a hardware module. The gateway asks it to
 * sign and to open; it never sees a key. What it gets are data keys, derived for one purpose each, since a key share at
 * rest is opened in microseconds and no service answers that fast.
 */
export type KeyVault = {
  /** the institution's account: pays for transactions, signs vetoes and custody */
  readonly operator: SigningKey;
  /** signs receipts, failures, reports, checkpoints and requests to other gateways */
  readonly signer: SigningKey;
  /** key shares and model inputs are sealed to it (X25519, HPKE base mode) */
  readonly sealing: HpkeOpener;
  /** 32 bytes, the same each time for a purpose, which tell nothing of the keys or of another purpose's. */
  derive(purpose: string): Promise<Uint8Array>;
  /** Lets go of whatever it holds open. */
  close?(): Promise<void>;
};
