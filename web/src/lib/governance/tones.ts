import type { Tone } from "#lib/components/tone.ts";
import type { ProposalState } from "#lib/data/types.ts";

export const PROPOSAL_TONES: Record<ProposalState, Tone> = {
  Pending: "plain",
  Active: "info",
  Canceled: "plain",
  Defeated: "bad",
  Succeeded: "good",
  Queued: "info",
  Expired: "plain",
  Executed: "good",
};
