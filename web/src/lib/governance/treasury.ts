import type { TreasuryBalance, TreasuryRules } from "@salus/sdk/treasury/read-treasury";
import type { Hex } from "#lib/data/types.ts";
import type { Currency } from "#lib/money.ts";

/** How the treasury stands, from the chain. */
export interface TreasuryView {
  rules: TreasuryRules;
  balances: (TreasuryBalance & { currency: Currency })[];
}

/** Money that came into the treasury or left it. Amounts in the token's smallest unit, times in seconds since 1970. */
export interface FlowView {
  id: string;
  kind: "Collected" | "Paid" | "Granted";
  token: Hex;
  to: Hex | null;
  amount: bigint;
  /** What the treasury held of the token afterwards. */
  balance: bigint;
  at: number;
  transaction: Hex;
}

/** A grant, in a wallet of its own that releases it evenly. */
export interface GrantView {
  wallet: Hex;
  token: Hex;
  to: Hex;
  amount: bigint;
  start: number;
  end: number;
}

/** A grant with what its wallet would release now; null when the chain did not say. */
export interface GrantNow extends GrantView {
  releasable: bigint | null;
}

/** A larger payment that a vote announced. */
export interface AnnouncementView {
  id: Hex;
  token: Hex;
  to: Hex;
  amount: bigint;
  start: bigint;
  duration: bigint;
  salt: Hex;
  payableFrom: number;
  payableUntil: number;
  state: "Announced" | "Revoked" | "Paid";
}

/** What the index knows of the treasury, latest first. */
export interface TreasuryHistory {
  flows: FlowView[];
  grants: GrantView[];
  announcements: AnnouncementView[];
}

/** What flows are called. */
export const FLOW_WORDS: Record<FlowView["kind"], string> = {
  Collected: "Came in",
  Paid: "Paid",
  Granted: "Granted",
};
