import { DUO } from "@salus/sdk/generated/constants";
import { describe, expect, it } from "vitest";
import { attestationsAsked, decide } from "./decide.ts";
import { askedOf, GENETIC, UNDERTAKINGS } from "./uses.ts";
import { termsOf } from "./words.ts";

const terms = { duo: DUO.HMB, disease: `0x${"00".repeat(32)}`, dates: 0n, countries: 0n } as const;

describe("whether a purpose is permitted, and why not", () => {
  it("permits what the terms permit", () => {
    expect(decide(terms, DUO.USE_HEALTH)).toEqual({ permitted: true });
  });

  it("says what nothing helps against", () => {
    const verdict = decide({ ...terms, duo: DUO.HMB | DUO.IRB }, DUO.USE_ANCESTRY);
    expect(verdict).toMatchObject({ permitted: false, missing: [] });
    expect(verdict).toHaveProperty("because", expect.stringContaining("research into health only"));
  });

  it("says which evidence is missing, all of it", () => {
    const verdict = decide({ ...terms, duo: DUO.HMB | DUO.IRB | DUO.COL }, DUO.USE_HEALTH);
    if (verdict.permitted) throw new Error("permitted");
    expect(verdict.missing.map(({ because }) => because)).toEqual([
      expect.stringContaining("work together"),
      expect.stringContaining("ethics committee"),
    ]);
    expect(verdict.because).toBe(verdict.missing[0]!.because);
  });

  it("asks for a promise only where the terms do", () => {
    const waits = { ...terms, duo: DUO.HMB | DUO.MOR, dates: 2_000n << 40n };
    expect(decide(waits, DUO.USE_HEALTH, { now: 1_999 }).permitted).toBe(false);
    expect(decide(waits, DUO.USE_HEALTH | DUO.WILL_WAIT, { now: 1_999 }).permitted).toBe(true);
    expect(decide(waits, DUO.USE_HEALTH, { now: 2_000 }).permitted).toBe(true);
    expect(askedOf(waits.duo).map(({ bit }) => bit)).toEqual([DUO.WILL_WAIT]);
    expect(askedOf(DUO.GRU)).toEqual([]);
    const all = DUO.PUB | DUO.RTN | DUO.MOR | DUO.GSO;
    expect(askedOf(all)).toEqual([GENETIC, ...UNDERTAKINGS]);
  });

  it("takes the evidence that is at hand, and the country that is stated", () => {
    const asks = { ...terms, duo: DUO.HMB | DUO.IRB | DUO.GS, countries: 1n << 83n };
    expect(attestationsAsked(asks)).toBe(DUO.IRB);
    expect(decide(asks, DUO.USE_HEALTH, { shown: DUO.IRB })).toMatchObject({ permitted: false, missing: [] });
    // 276 is Germany in ISO 3166-1, which is place 83 of the terms' countries.
    expect(decide(asks, DUO.USE_HEALTH, { country: 276, shown: DUO.IRB }).permitted).toBe(true);
    expect(decide(asks, DUO.USE_HEALTH, { country: 276 })).toMatchObject({ missing: [{}] });
  });

  it("names the countries of a restriction", () => {
    const [, where] = termsOf({ ...terms, duo: DUO.HMB | DUO.GS, countries: 1n << 83n });
    expect(where!.text).toContain("countries only: Germany");
  });
});
