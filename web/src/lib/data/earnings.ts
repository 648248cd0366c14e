import type { Currency } from "#lib/money.ts";
import type { Hex } from "./types.ts";

/** What a person's data earned in one place and one currency. */
export interface Earning {
  /** The dataset's id, 32 bytes. */
  dataset: Hex;
  title: string;
  custodian: string;
  /** Name of the custodian's gateway, which is asked first. */
  gateway: string;
  /** The person's pseudonym there. */
  subject: Hex;
  token: Hex;
  currency: Currency;
  /** Everything earned so far, as far as it is checked and payable. */
  earned: bigint;
  /** What was taken out of it. */
  paid: bigint;
  /** What can be taken out now. */
  ready: bigint;
  /** A newer sum is being checked and will be there soon. */
  checking: boolean;
  /** The person's own new address for this place alone. */
  freshAddress: Hex;
}

/** What a person decides when taking money out. */
export interface Payout {
  to: Hex;
}
