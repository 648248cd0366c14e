import { describe, expect, it } from "vitest";
import { layoutTally, quorumPercent } from "./tally.ts";
import { timelineOf } from "./timeline.ts";

const times = { createdAt: 1, startsAt: 10, endsAt: 20, executableAt: null, endedAt: null };
const read = (steps: ReturnType<typeof timelineOf>) =>
  steps.map(({ label, at, state }) => [label, at, state]);

describe("a proposal's timeline", () => {
  it("before voting tells when it opens", () => {
    expect(read(timelineOf("Pending", times))).toEqual([
      ["Proposed", 1, "now"],
      ["Voting opens", 10, "next"],
      ["Accepted", null, "next"],
      ["Waiting", null, "next"],
      ["Carried out", null, "next"],
    ]);
  });
  it("while it waits tells until when", () => {
    expect(read(timelineOf("Queued", { ...times, executableAt: 30 }))).toEqual([
      ["Proposed", 1, "done"],
      ["Voting", 20, "done"],
      ["Accepted", 20, "done"],
      ["Waiting", 30, "now"],
      ["Carried out", null, "next"],
    ]);
  });
  it("ends where the proposal ended", () => {
    expect(read(timelineOf("Defeated", times)).at(-1)).toEqual(["Not accepted", 20, "now"]);
    expect(read(timelineOf("Canceled", { ...times, endedAt: 5 }))).toEqual([
      ["Proposed", 1, "done"],
      ["Canceled", 5, "now"],
    ]);
    expect(read(timelineOf("Executed", { ...times, endedAt: 40 })).at(-1)).toEqual([
      "Carried out",
      40,
      "now",
    ]);
    expect(read(timelineOf("Expired", times)).at(-1)).toEqual(["Expired", null, "now"]);
  });
});

describe("a tally", () => {
  it("is as long as the quorum while votes are fewer", () => {
    const bar = layoutTally({ for: 100n, against: 50n, abstain: 100n, quorum: 400n });
    expect(bar).toEqual({
      segments: [
        { kind: "for", x: 0, width: 250 },
        { kind: "abstain", x: 250, width: 250 },
        { kind: "against", x: 500, width: 125 },
      ],
      quorumX: 1000,
    });
    expect(quorumPercent({ for: 100n, against: 50n, abstain: 100n, quorum: 400n })).toBe(50);
  });
  it("is as long as the votes once they are more, and marks the quorum within", () => {
    const votes = { for: 600n, against: 200n, abstain: 0n, quorum: 400n };
    expect(layoutTally(votes).quorumX).toBe(500);
    expect(quorumPercent(votes)).toBe(100);
  });
  it("is empty without votes and without a quorum", () => {
    expect(layoutTally({ for: 0n, against: 0n, abstain: 0n, quorum: null })).toEqual({
      segments: [],
      quorumX: null,
    });
  });
  it("does not count votes against towards the quorum", () => {
    expect(quorumPercent({ for: 0n, against: 500n, abstain: 0n, quorum: 400n })).toBe(0);
  });
});
