import { describe, expect, it } from "vitest";
import { refundDue } from "./refund-due.ts";
import { sumUpRefusals } from "./refusals.ts";

const funded = { kind: "Analysis", state: "Funded", deliverBy: 100, reportBy: null, release: null } as const;
const download = {
  kind: "Download",
  state: "Delivered",
  deliverBy: 100,
  reportBy: 200,
  release: null,
} as const;

describe("a payment can be taken back", () => {
  it("once the chain's clock has passed the deadline, not at it", () => {
    expect(refundDue(funded, 100)).toBeNull();
    expect(refundDue(funded, 101)).toMatch(/No receipt arrived/);
  });
  it("not while the chain's clock is unknown", () => expect(refundDue(funded, 0)).toBeNull());
  it.each(["Delivered", "Disputed", "Settled", "Refunded"] as const)("not once it is %s", (state) => {
    expect(refundDue({ ...funded, state }, 1_000)).toBeNull();
  });
  it("for a download whose release nobody reported in time", () => {
    expect(refundDue(download, 200)).toBeNull();
    expect(refundDue(download, 201)).toMatch(/did not report/);
    expect(refundDue({ ...download, release: { count: 1, signers: [] } }, 201)).toBeNull();
  });
});

describe("refused records", () => {
  it("are summed up by reason, the most frequent first", () => {
    const record = (id: string, code: string) => ({
      recordId: id as `0x${string}`,
      code,
      message: `why ${code}`,
    });
    const refused = [record("0x1", "A"), record("0x2", "B"), record("0x3", "B")];
    expect(sumUpRefusals(refused)).toEqual([
      { code: "B", message: "why B", records: ["0x2", "0x3"] },
      { code: "A", message: "why A", records: ["0x1"] },
    ]);
  });
});
