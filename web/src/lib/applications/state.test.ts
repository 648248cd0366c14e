import type { JudgedDecision } from "@salus/sdk/data-use/judge-application";
import { DUO } from "@salus/sdk/generated/constants";
import { describe, expect, it } from "vitest";
import { goodOnes, shownBy, stateOf } from "./state.ts";

const issuer = `0x${"11".repeat(20)}` as const;
type Approved = Extract<JudgedDecision, { word: "approved" }>;
/** IRB is bit 11 of the terms, COL bit 10 (DUO:0000021 and DUO:0000020). */
const approval = (state: Approved["state"], kind = 11, expiry = 100): JudgedDecision =>
  ({
    word: "approved",
    issuer,
    at: 1,
    state,
    withdrawnAt: 0,
    approval: { message: { kind, expiry } },
  }) as never;
const refusal: JudgedDecision = { word: "refused", issuer, at: 1, reason: "No." };

describe("where an application stands", () => {
  it.each([
    ["waiting", []],
    ["approved", [approval("good")]],
    ["refused", [refusal]],
    ["refused", [approval("withdrawn"), refusal]],
    ["approved", [refusal, approval("good")]],
    ["approved", [approval("good"), refusal]],
    ["withdrawn", [refusal, approval("withdrawn")]],
    ["expired", [approval("expired")]],
    ["unlisted", [approval("unlisted")]],
    ["approved", [approval("withdrawn"), approval("good")]],
  ] as const)("is %s", (state, words) => expect(stateOf(words, DUO.IRB)).toBe(state));

  it("is partly approved until every kind that the terms ask for holds", () => {
    const both = DUO.IRB | DUO.COL;
    expect(stateOf([approval("good")], both)).toBe("partly");
    expect(stateOf([approval("good"), approval("withdrawn", 10)], both)).toBe("partly");
    expect(stateOf([approval("good"), approval("good", 10)], both)).toBe("approved");
  });

  it("counts what holds only, and of each kind what lasts longest", () => {
    const words = [approval("good", 11, 50), approval("good", 11, 90), approval("expired", 10, 10)];
    expect(shownBy(words)).toBe(DUO.IRB);
    expect(goodOnes(words).map((word) => word.approval.message.expiry)).toEqual([90]);
  });
});
