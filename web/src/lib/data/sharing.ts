import type { ProofState } from "@salus/sdk/log/audit-history";
import type { Currency } from "#lib/money.ts";
import type { Hex, Keeper, OrderKindName } from "./types.ts";

/** One place where a person's record is kept, and what they allow there. */
export interface Sharing {
  /** The dataset's id, 32 bytes. */
  dataset: Hex;
  title: string;
  custodian: string;
  gateway: Keeper;
  /** The person's pseudonym in this dataset. */
  subject: Hex;
  /** Number that the next signed choice carries. */
  nonce: number;
  /** Something is allowed now. */
  active: boolean;
  purposes: bigint;
  modes: bigint;
  /** Ways of use that the dataset's curator offers at all. */
  offeredModes: bigint;
  /** Seconds since 1970 from which nothing is allowed. */
  expiry: number;
  /** Who wrote down the choice: the person, or their hospital from a paper form. */
  basis: "subject-signed" | "custodian-attested" | "slot";
  /** First version of the dataset that held the record. */
  sinceVersion: number;
  /** The person's weight in the dataset. */
  weight: number;
  currency: Currency;
}

/** One time somebody asked to use records that the person's was among, and what became of it. */
export interface PersonalUse {
  order: Hex;
  dataset: Hex;
  datasetTitle: string;
  kind: OrderKindName;
  uses: bigint;
  at: number;
  /** The record took part; otherwise it was left out. */
  used: boolean;
  /** Why it was left out, in plain words; null when it was used. */
  refused: string | null;
  /** People whose records took part; null while there is no receipt. */
  cohort: number | null;
  estimate: bigint;
  currency: Currency;
  /** Whether the shared record book holds what the keeper tells about it. */
  proof: ProofState;
}

/** A use that the public record shows and of which the keeper tells the person nothing. */
export interface UntoldUse {
  order: Hex;
  datasetTitle: string;
  custodian: string;
  at: number;
}

/** Who used a person's records, and which uses were kept from them. */
export interface PersonalUses {
  uses: PersonalUse[];
  untold: UntoldUse[];
}

/** What a person decides about one place. */
export interface SharingChoice {
  purposes: bigint;
  modes: bigint;
  expiry: number;
}
