import { describe, expect, it } from "vitest";
import { endOf, endOfDay } from "./check-application.ts";

/** Seconds since 1970 by `date -u -d '…' +%s`. */
describe("the end of an approval", () => {
  it("is the end of the same day some months later, or of the month's last day", () => {
    expect(endOf("3", new Date("2026-11-22T21:00:00Z"))).toBe(1803340799);
    expect(endOf("3", new Date("2026-11-30T21:00:00Z"))).toBe(1803859199);
    expect(endOf("12", new Date("2026-11-22T21:00:00Z"))).toBe(1826927999);
  });
  it("is the end of the day that was typed, unless it has passed", () => {
    const now = Date.parse("2026-11-22T21:00:00Z");
    expect(endOfDay("2026-11-22", now)).toBe(1795391999);
    expect(endOfDay("2026-11-21", now)).toBe(undefined);
    expect(endOfDay("", now)).toBe(undefined);
    expect(endOfDay("22.11.2026", now)).toBe(undefined);
  });
});
