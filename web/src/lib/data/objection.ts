import type { Currency } from "#lib/money.ts";
import type { Hex } from "./types.ts";

/** How a person can have one use of their record looked into. */
export interface Objection {
  order: Hex;
  dataset: Hex;
  /** of the place that keeps the record */
  title: string;
  currency: Currency;
  /** Until when, in seconds since 1970. */
  until: number;
  /** The account that is the person's in this place: the deposit is taken from it. */
  account: Hex;
  /**
   * `open`: they can; `early`: the work is not done; `late`: it is paid or given back, or the time is over; `asked`:
   * somebody did already; `nobody`: too few are there to decide.
   */
  standing: "open" | "early" | "late" | "asked" | "nobody";
  /** The deposit, what of it goes to those who decide, and what the account holds. */
  bond: bigint;
  fee: bigint;
  held: bigint;
}
