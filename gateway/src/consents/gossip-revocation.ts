import type { Address } from "viem";
import type { Context } from "../context.ts";
import type { Tasks } from "../jobs/queue.ts";
import { askPeer } from "../peers/ask-peer.ts";
import { signedRevocation } from "./verify-word.ts";

/** Passes a received revocation on to one other gateway. A failure is thrown, and the queue tries again. */
export async function gossipRevocation(context: Context, task: Tasks["gossip-revocation"]): Promise<void> {
  const row = await context.db
    .selectFrom("revocations")
    .selectAll()
    .where("dataset", "=", task.dataset)
    .where("subject", "=", task.subject as Address)
    .where("max_nonce", "=", task.maxNonce)
    .executeTakeFirst();
  if (!row || row.final_at !== null || row.overruled_at !== null) return;
  const json = signedRevocation(row);
  const request = { method: "POST", path: "/v1/peer/revocations", json, patience: 3_000 } as const;
  await askPeer(context, task.gateway, request);
}
