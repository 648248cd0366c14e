import type { OrderProgress } from "@salus/sdk/gateway/types";
import { describe, expect, it } from "vitest";
import type { OrderKindName, OrderStateName } from "#lib/data/types.ts";
import { runSteps } from "./run-steps.ts";

const now = (kind: OrderKindName, state: OrderStateName, work: OrderProgress | null) =>
  runSteps({ kind, state }, work).find((step) => step.state === "now")?.label;

describe("the steps of an order", () => {
  it.each([
    [null, "Job accepted"],
    ["failed", "Job accepted"],
    ["queued", "Job accepted"],
    ["gathering shares", "Gathering key shares"],
    ["running", "Running next to the data"],
    ["signing", "Signing the receipt"],
    ["delivered", "Receipt on record"],
    ["settled", "Receipt on record"],
  ] as const)("follow the gateway while the payment is in the safe: %s", (work, label) => {
    expect(now("Analysis", "Funded", work)).toBe(label);
  });

  it.each(["Delivered", "Disputed"] as const)(
    "wait for the payout once a receipt is on chain: %s",
    (state) => {
      for (const work of [null, "running", "delivered"] as const) {
        expect(now("Analysis", state, work)).toBe("Payment shared out");
      }
    },
  );

  it.each(["Analysis", "Training", "Download", "ModelUse"] as const)(
    "are all done when settled: %s",
    (kind) => {
      expect(runSteps({ kind, state: "Settled" }, null).every(({ state }) => state === "done")).toBe(true);
    },
  );

  it("leave out what a kind does not do", () => {
    const ids = (kind: OrderKindName) => runSteps({ kind, state: "Funded" }, null).map(({ id }) => id);
    expect(ids("Analysis")).toEqual(["paid", "accepted", "keys", "work", "signing", "record", "settled"]);
    expect(ids("Download")).toEqual(["paid", "accepted", "signing", "record", "settled"]);
    expect(ids("ModelUse")).toEqual(["paid", "accepted", "work", "signing", "record", "settled"]);
    expect(now("Download", "Funded", "running")).toBe("Signing the receipt");
    expect(now("ModelUse", "Funded", "gathering shares")).toBe("Running next to the data");
  });

  it("have exactly one under way, with all before it done and all after it to do", () => {
    const states = runSteps({ kind: "Analysis", state: "Funded" }, "running").map(({ state }) => state);
    expect(states).toEqual(["done", "done", "done", "now", "todo", "todo", "todo"]);
  });
});
