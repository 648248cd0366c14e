import type { ConsentSlot } from "@salus/sdk/consent/types";
import { consentBasis, type ConsentLeaf } from "@salus/sdk/trees/leaves";
import type { Sharing } from "#lib/data/sharing.ts";

/** What a person allows in one dataset now. */
export type Standing = Pick<Sharing, "active" | "purposes" | "modes" | "expiry" | "basis">;

/**
 * A leaf speaks only while its slot was never written; afterwards the slot alone decides.
 * @param slot null while it was never written
 * @param now seconds since 1970
 */
export function standingOf(leaf: ConsentLeaf, slot: ConsentSlot | null, now: number): Standing {
  const { purposes, modes, expiry } = slot ?? leaf;
  return {
    active: purposes !== 0n && modes !== 0 && expiry > now,
    purposes,
    modes: BigInt(modes),
    expiry,
    basis: slot
      ? "slot"
      : leaf.basis === consentBasis.subjectSigned
        ? "subject-signed"
        : "custodian-attested",
  };
}

/** A person's part of an amount by weight, rounded down. */
export function partOf(amount: bigint, weight: number, totalWeight: bigint): bigint {
  return totalWeight === 0n ? 0n : (amount * BigInt(weight)) / totalWeight;
}
