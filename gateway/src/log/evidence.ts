import { randomUUID } from "node:crypto";
import type { Hex } from "viem";
import type { Context } from "../context.ts";
import type { SignedCheckpointRow } from "../database/schema.ts";
import { GatewayError } from "../errors/gateway-error.ts";

/** What contradicts what a gateway showed of its log before. */
export type Contradiction = {
  gateway: number;
  kind: "shrunk" | "forked";
  known: SignedCheckpointRow;
  claimed: SignedCheckpointRow & { proof?: Hex[] };
};

/**
 * Keeps a contradiction for good, has it brought on chain where the chain can judge it, and gives the error to refuse with.
 */
export async function keepEvidence(context: Context, found: Contradiction): Promise<GatewayError> {
  const { gateway, kind, known, claimed } = found;
  const id = randomUUID();
  await context.db
    .insertInto("log_evidence")
    .values({
      id,
      gateway,
      kind,
      known: JSON.stringify(known),
      claimed: JSON.stringify(claimed),
      found_at: context.now(),
    })
    .execute();
  context.metrics.logContradictions.inc({ gateway: String(gateway), kind });
  context.logger.error(
    { gateway, kind, known: known.size, claimed: claimed.size },
    "a gateway's log contradicts itself",
  );
  if (isProvable(found)) await context.queue.add("prove-equivocation", { id }, { key: `equivocation:${id}` });
  const message =
    kind === "shrunk"
      ? `Gateway ${gateway} showed a log of ${known.size} entries before; ${claimed.size} are fewer.`
      : `Gateway ${gateway}'s log of ${claimed.size} entries does not continue its log of ${known.size}.`;
  return new GatewayError(kind === "shrunk" ? "GATEWAY_LOG_SHRUNK" : "GATEWAY_LOG_FORKED", message);
}

/** Two signatures over one size and different roots: the chain needs nothing else. */
function isProvable({ known, claimed }: Contradiction): boolean {
  return known.size === claimed.size && known.signature !== null && claimed.signature !== null;
}
