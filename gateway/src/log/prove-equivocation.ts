import type { Hex } from "viem";
import { proveEquivocation } from "@salus/sdk/checkpoints/prove-equivocation";
import { isSalusError } from "@salus/sdk/errors";
import type { Context } from "../context.ts";
import type { Tasks } from "../jobs/queue.ts";

/** Shows the chain two checkpoints of one size that a gateway signed. Somebody else may have been first. */
export async function bringEquivocationOnChain(
  context: Context,
  { id }: Tasks["prove-equivocation"],
): Promise<void> {
  const row = await context.db.selectFrom("log_evidence").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) return;
  const signed = ({ size, root, signature }: { size: number; root: Hex; signature: Hex | null }) => ({
    checkpoint: { gateway: row.gateway, size: BigInt(size), root },
    signature: signature!,
  });
  try {
    await context.sender((writer) =>
      proveEquivocation(writer, { first: signed(row.known), second: signed(row.claimed) }),
    );
  } catch (error) {
    if (!isSalusError(error) || error.code !== "LogCheckpoints_AlreadyProven") throw error;
  }
}
