import { WebError } from "#lib/errors.ts";
import type { GraphClient } from "#lib/graph/client.ts";
import type { ProposalSummary } from "./types.ts";

/** Proposals with their votes, newest first. */
export async function listProposals(_graph: GraphClient): Promise<ProposalSummary[]> {
  throw new WebError("WEB_NOT_CONNECTED");
}
