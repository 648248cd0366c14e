import type { LogPosition } from "@salus/sdk/gateway/types";
import type { Db } from "../database/connect.ts";
import { rootOf } from "@salus/sdk/log/frontier";

/** The log's present position. */
export async function readPosition(db: Db, gateway: number): Promise<LogPosition> {
  const { size, frontier } = await db.selectFrom("log_state").selectAll().executeTakeFirstOrThrow();
  const hashes = frontier.map((hex) => Buffer.from(hex, "hex"));
  return { gateway, size, root: `0x${Buffer.from(rootOf({ size, hashes })).toString("hex")}` };
}
