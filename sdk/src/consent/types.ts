import type { Hex } from "viem";

/** A consent slot as the chain holds it; `changedAt` 0 means that it was never written. */
export type ConsentSlot = {
  purposes: bigint;
  expiry: number;
  modes: number;
  nonce: number;
  changedAt: number;
};

/** A grant or revocation with its subject's signature, ready for any gateway or for the chain. */
export type Signed<T> = { message: T; signature: Hex };
