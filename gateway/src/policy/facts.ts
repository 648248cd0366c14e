import type { Hex } from "viem";
import type { ConsentSlot } from "@salus/sdk/consent/types";
import type { Circumstances, UseTerms } from "@salus/sdk/data-use";
import type { Refusal } from "./reasons.ts";

/** What a gateway is about to do with records or with what came of them. */
export type Action =
  /** begin a job as executor */
  | "job"
  /** hand key shares to a job's executor */
  | "share"
  /** sign another executor's receipt */
  | "cosign"
  /** sign one's own receipt */
  | "receipt"
  /** hand key shares to the buyer of a download */
  | "download"
  /** hand out a sealed result */
  | "result"
  /** erase a subject's records, at their wish */
  | "erase";

/** What is known of the request. Absent for what the gateway does of its own accord. */
export type RequestFacts = {
  signatureValid: boolean;
  fresh: boolean;
  replayed: boolean;
  /** the signer is who may ask this: the order's buyer, or its executor */
  entitled: boolean;
};

export type ChainFacts = {
  endpointsAgree: boolean;
  /** time of the head, seconds */
  headTime: number;
  /** the gateway's own clock, seconds */
  now: number;
  maxHeadAge: number;
};

export type OrderFacts = {
  /** the fixed part hashes to the id that was asked for */
  idMatches: boolean;
  /** `OrderState`, at the head; for `download` and `result` at the finalized block */
  state: number;
  kind: number;
  uses: bigint;
  disease: Hex;
  /** what its evidence shows at the head, and the moments that count */
  around: Circumstances;
  /** what is wrong with its evidence at the head; undefined for nothing */
  evidenceFlaw: Refusal | undefined;
  deliverBy: number;
  termsHash: Hex;
  /** job and salt give the order's commitment; true where no job comes with the request */
  jobMatches: boolean;
  /** member of the order's gateway set and active */
  gatewayInSet: boolean;
};

export type AssetFacts = {
  /** `AssetStatus` */
  status: number;
  modes: number;
  termsHash: Hex;
  terms: UseTerms;
  /** this gateway holds the order's version, and it is the one on chain */
  versionHeld: boolean;
  vetoed: boolean;
};

export type SubjectFacts = {
  /** from the version's consent file; undefined for a record that the version does not hold */
  leaf: { purposes: bigint; modes: number; expiry: number; basis: number } | undefined;
  slotAtGrant: ConsentSlot;
  slotAtHead: ConsentSlot;
  /** highest nonce covered by a revocation that this gateway received; undefined for none */
  revokedUpTo: number | undefined;
  vetoed: boolean;
  /** the subject had their records erased */
  erased: boolean;
  /** the gateway has its key share; true where none is needed */
  shareHeld: boolean;
  /** within the cohort of the receipt and the first release; true before there is one */
  withinBounds: boolean;
};

/** All that a decision rests on; pure data. `subject` is absent for the order as a whole. */
export type Facts = {
  action: Action;
  request?: RequestFacts;
  chain: ChainFacts;
  order: OrderFacts;
  asset: AssetFacts;
  subject?: SubjectFacts;
};
