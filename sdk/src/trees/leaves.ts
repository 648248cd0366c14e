import type { Address, Hex } from "viem";
import { defineLeaf } from "./leaf-type.ts";

/** How a consent was given: signed by the subject's own key, or attested by the custodian who holds it on paper. */
export const consentBasis = { subjectSigned: 0, custodianAttested: 1 } as const;

/** A consent as it was collected when a version was listed. */
export type ConsentLeaf = {
  subject: Address;
  /** bit set of permitted purposes */
  purposes: bigint;
  /** bits: 0 analysis, 1 training, 2 download, 3 two-person */
  modes: number;
  /** end in seconds since 1970, as on chain */
  expiry: number;
  /** one of {@link consentBasis} */
  basis: number;
  /** salted commitment to the evidence */
  evidence: Hex;
  /** weight in the payout of an order, fixed in the version */
  weight: number;
  /** the version in which it was collected */
  originVersion: number;
};

/** Leaves of a version's consent root, by subject. */
export const consentLeaf = defineLeaf<ConsentLeaf>("ConsentLeaf", "subject", [
  { name: "subject", type: "address" },
  { name: "purposes", type: "uint128" },
  { name: "modes", type: "uint8" },
  { name: "expiry", type: "uint40" },
  { name: "basis", type: "uint8" },
  { name: "evidence", type: "bytes32" },
  { name: "weight", type: "uint32" },
  { name: "originVersion", type: "uint16" },
]);

/** A record as it stands in a version. */
export type RecordLeaf = {
  recordId: Hex;
  subject: Address;
  /** sha-256 of the ciphertext envelope: the digest inside its content id */
  content: Hex;
  /** bytes of the envelope */
  size: bigint;
  /** salted commitment to the record's key */
  keyCommitment: Hex;
  /** keccak256 over the share commitments in gateway order */
  shareCommitments: Hex;
  /** digest of the record's schema */
  schema: Hex;
  /** the version in which the record was first listed; its ciphertext is bound to that one */
  originVersion: number;
};

/** Leaves of a version's content root, and of a receipt's input root, by record id. */
export const recordLeaf = defineLeaf<RecordLeaf>("RecordLeaf", "recordId", [
  { name: "recordId", type: "bytes32" },
  { name: "subject", type: "address" },
  { name: "content", type: "bytes32" },
  { name: "size", type: "uint64" },
  { name: "keyCommitment", type: "bytes32" },
  { name: "shareCommitments", type: "bytes32" },
  { name: "schema", type: "bytes32" },
  { name: "originVersion", type: "uint16" },
]);

/** A subject whose data an order used, with the weight of the version. */
export type ContributorLeaf = { subject: Address; weight: number };

/** Leaves of a receipt's contributors root, by subject. */
export const contributorLeaf = defineLeaf<ContributorLeaf>("ContributorLeaf", "subject", [
  { name: "subject", type: "address" },
  { name: "weight", type: "uint32" },
]);

/** A subject left out of a cohort for a reason that is not (yet) on chain. */
export type ExcludedLeaf = { subject: Address; reason: number };

/** Leaves of a receipt's excluded root, by subject. */
export const excludedLeaf = defineLeaf<ExcludedLeaf>("ExcludedLeaf", "subject", [
  { name: "subject", type: "address" },
  { name: "reason", type: "uint8" },
]);
