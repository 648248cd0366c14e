import type { Currency } from "#lib/money.ts";

/** Votes are written like amounts of the Salus token, of which each unit is one vote. */
export const VOTES: Currency = { symbol: "votes", decimals: 18 };
