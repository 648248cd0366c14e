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
  /** The gateways that keep parts of the record's key, the custodian's included, with the key that each signs with. */
  keepers: readonly (Keeper & { signer: Hex })[];
  /** Keepers that together can open the record. */
  threshold: number;
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

/** A use that the public record or another keeper shows, and of which a keeper tells the person nothing. */
export interface UntoldUse {
  order: Hex;
  datasetTitle: string;
  /** The keeper that left it out. */
  keeper: string;
  at: number;
}

/**
 * How a keeper's list about the person stands. `away`: it did not answer. `shrunk` and `forked`: its whole list is shorter
 * than, or not, the one in the shared record book. `incomplete`: a line is missing there, or a use was left out.
 */
export interface KeeperList {
  keeper: string;
  dataset: Hex;
  datasetTitle: string;
  /** Uses that it tells of. */
  lines: number;
  state: "proven" | "pending" | "incomplete" | "shrunk" | "forked" | "away";
}

/** Who used a person's records, which uses were kept from them, and what each keeper's list is worth. */
export interface PersonalUses {
  uses: PersonalUse[];
  untold: UntoldUse[];
  lists: KeeperList[];
}

/** What a person decides about one place. */
export interface SharingChoice {
  purposes: bigint;
  modes: bigint;
  expiry: number;
}
