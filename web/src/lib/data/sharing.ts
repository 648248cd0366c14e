import type { Currency } from "#lib/money.ts";
import type { Hex, OrderKindName } from "./types.ts";

/** One place where a person's record is kept, and what they allow there. */
export interface Sharing {
  dataset: string;
  title: string;
  custodian: string;
  /** The person's pseudonym in this dataset. */
  subject: Hex;
  /** Something is allowed now. */
  active: boolean;
  purposes: bigint;
  modes: bigint;
  /** Seconds since 1970 from which nothing is allowed. */
  expiry: number;
  /** Who wrote down the choice: the person, or their hospital from a paper form. */
  basis: "subject-signed" | "custodian-attested" | "slot";
  /** Estimated part of the dataset's pot by weight; not yet payable. */
  estimate: bigint;
  currency: Currency;
}

/** One time somebody used records that the person's was among. */
export interface PersonalUse {
  order: Hex;
  dataset: string;
  datasetTitle: string;
  kind: OrderKindName;
  uses: bigint;
  at: number;
  cohort: number;
  estimate: bigint;
  currency: Currency;
}

/** What a person decides about one place. */
export interface SharingChoice {
  purposes: bigint;
  modes: bigint;
  expiry: number;
}
