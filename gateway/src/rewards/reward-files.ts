import type { Address, Hex } from "viem";
import type { RewardKey } from "@salus/sdk/rewards/read-roots";
import type { RewardRoot } from "@salus/sdk/types";
import type { Context } from "../context.ts";

/** A root that this gateway built by itself, its file among the public ones. */
export async function keepRewardFile(context: Context, root: RewardRoot, bytes: Uint8Array): Promise<void> {
  await context.blobs.put(bytes);
  await context.db
    .insertInto("reward_files")
    .values({
      digest: root.leafFile,
      dataset: root.dataset.toString(),
      token: root.token.toLowerCase() as Address,
      epoch: root.epoch,
      built_at: context.now(),
    })
    .onConflict((conflict) => conflict.column("digest").doNothing())
    .execute();
}

/** Whether this gateway built the file with this digest for these rewards. */
export async function hasRewardFile(
  { db }: Pick<Context, "db">,
  digest: Hex,
  key?: RewardKey,
): Promise<boolean> {
  let query = db.selectFrom("reward_files").select("digest").where("digest", "=", digest);
  if (key) query = query.where("dataset", "=", key.dataset.toString());
  return (await query.executeTakeFirst()) !== undefined;
}
