import { describe, expect, test } from "vitest";
import type { VotingStanding } from "./read-voting-standing.ts";
import { whyNotPropose } from "./read-proposer.ts";
import type { Voter } from "./read-voter.ts";
import { whyNotVote } from "./why-not-vote.ts";

const ME = "0x00000000000000000000000000000000000000a1";
const OTHER = "0x00000000000000000000000000000000000000a2";
const voter = (change: Partial<Voter> = {}): Voter => ({
  balance: 5n,
  delegate: ME,
  votes: 5n,
  ...change,
});
const ballot = (change: Partial<VotingStanding> = {}): VotingStanding => ({
  state: "Active",
  start: 100,
  voted: false,
  votes: 5n,
  ...change,
});

describe("why an account cannot vote", () => {
  test.each([
    ["had votes when voting began", voter(), ballot(), null],
    ["had votes then and gave them away since", voter({ delegate: OTHER, votes: 0n }), ballot(), null],
    ["voted already", voter(), ballot({ voted: true }), "AlreadyVoted"],
    ["voted, and voting ended", voter(), ballot({ voted: true, state: "Executed" }), "AlreadyVoted"],
    ["comes before the start", voter(), ballot({ state: "Pending", votes: null }), "NotStarted"],
    ["comes after the end", voter(), ballot({ state: "Defeated" }), "Ended"],
    ["comes once it is queued", voter(), ballot({ state: "Queued" }), "Ended"],
    ["finds it canceled", voter(), ballot({ state: "Canceled" }), "Canceled"],
    ["has nothing", voter({ balance: 0n, delegate: null, votes: 0n }), ballot({ votes: 0n }), "NoTokens"],
    ["delegated to nobody", voter({ delegate: null, votes: 0n }), ballot({ votes: 0n }), "NotDelegated"],
    [
      "delegated to another",
      voter({ delegate: OTHER, votes: 0n }),
      ballot({ votes: 0n }),
      "DelegatedToOther",
    ],
    ["delegated to itself after the start", voter(), ballot({ votes: 0n }), "DelegatedTooLate"],
    [
      "got others' votes after the start",
      voter({ balance: 0n, delegate: null, votes: 9n }),
      ballot({ votes: 0n }),
      "DelegatedTooLate",
    ],
  ] as const)("%s", (_, who, what, reason) => {
    expect(whyNotVote(ME, who, what)).toBe(reason);
  });
});

test.each([
  ["has the votes and had them", { votes: 5n, held: 5n, open: null }, null],
  ["has too few", { votes: 4n, held: 9n, open: null }, "TooFewVotes"],
  ["has them only since now", { votes: 5n, held: 4n, open: null }, "VotesTooFresh"],
  ["has a proposal that is open", { votes: 5n, held: 5n, open: 7n }, "ProposalOpen"],
] as const)("who %s: may they propose?", (_, proposer, reason) => {
  expect(whyNotPropose({ ...proposer, threshold: 5n, holdingPeriod: 60 })).toBe(reason);
});
