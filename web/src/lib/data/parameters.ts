import { ParametersDocument, ProposalsDocument } from "@salus/sdk/generated/queries";
import { ask, type GraphClient } from "#lib/graph/client.ts";
import type { Hex } from "./types.ts";

/** One change of a parameter. */
export interface ParameterChangeView {
  /** Null for the first value. */
  before: string | null;
  after: string;
  at: number;
  /** Account that sent the transaction. */
  sender: Hex;
  transaction: Hex;
  /** The proposal that was carried out with it; null for the deployment. */
  proposal: { id: Hex; title: string } | null;
}

/** Every change of a parameter, latest first. @param name as the index names it, "AccessEscrow.feeBps" */
export async function listParameterChanges(graph: GraphClient, name: string): Promise<ParameterChangeView[]> {
  const [{ parameters }, { proposals }] = await Promise.all([
    ask(graph, ParametersDocument, {}),
    ask(graph, ProposalsDocument, { first: 1000 }),
  ]);
  const changes = parameters.filter((one) => one.name === name).flatMap((one) => one.changes);
  return changes.map(({ previous, value, timestamp, sender, transaction }) => {
    const proposal = proposals.find(({ executedIn }) => executedIn === transaction);
    return {
      before: previous,
      after: value,
      at: Number(timestamp),
      sender: sender as Hex,
      transaction: transaction as Hex,
      proposal: proposal ? { id: proposal.id as Hex, title: proposal.title } : null,
    };
  });
}
