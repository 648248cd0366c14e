import type { Hex } from "viem";
import type { GatewaySignature } from "@salus/sdk/orders/deliver-order";
import type { Db } from "../database/connect.ts";

/** A checkpoint of this gateway's log with its signatures. */
export type CheckpointRow = {
  size: number;
  root: Hex;
  signed: { signature: Hex; cosignatures: GatewaySignature[]; transaction?: Hex };
};

/** The checkpoint that this gateway signed last; undefined when it signed none. */
export async function lastCheckpoint(db: Db): Promise<CheckpointRow | undefined> {
  const row = await db
    .selectFrom("log_checkpoints")
    .selectAll()
    .orderBy("size", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  const { size, root, signature, cosignatures, transaction } = row;
  return { size, root, signed: { signature, cosignatures, ...(transaction ? { transaction } : {}) } };
}
