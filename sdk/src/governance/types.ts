import type { Address, Hex } from "viem";

/** A call that a proposal would make. */
export type ProposedCall = { target: Address; data: Hex; value?: bigint };

/** What is voted on: calls and a text in Markdown; together they make the proposal's id. */
export type Proposal = { calls: readonly ProposedCall[]; description: string };

/** States of OpenZeppelin's Governor, in its order. */
export const proposalStates = [
  "Pending",
  "Active",
  "Canceled",
  "Defeated",
  "Succeeded",
  "Queued",
  "Expired",
  "Executed",
] as const;
export type ProposalState = (typeof proposalStates)[number];

/** A voter's choice, as OpenZeppelin's simple counting has it. */
export const support = { against: 0, for: 1, abstain: 2 } as const;
