import type { SalusReader } from "../chain/client.ts";
import { SalusError } from "../errors.ts";
import { type BuiltRewards, buildRewards } from "./build-rewards.ts";
import { type FindCohortFiles, gatherRewards } from "./gather-rewards.ts";
import { readClaimableRoot, readLastRoot, type RewardKey, withFile } from "./read-roots.ts";

/** What a rebuild says about a root on chain. */
export type RewardVerification = {
  ok: boolean;
  epoch: number;
  /** what the events and public files give; undefined when they give nothing */
  built: BuiltRewards | undefined;
  /** members in which the root on chain differs */
  differences: ("root" | "total" | "count" | "leafFile")[];
};

/**
 * Rebuilds a dataset's rewards up to the epoch of the root on chain and compares, trusting no server of Salus: the files
 * are checked against the roots of receipts and versions.
 *
 * @param which the root that is claimable now (default), or the last one posted, which may still be challenged
 * @throws SDK_REWARDS_NONE when there is no such root; SDK_REWARDS_INCOMPLETE
 */
export async function verifyRewards(
  salus: SalusReader,
  key: RewardKey,
  findFiles: FindCohortFiles,
  which: "claimable" | "last" = "claimable",
): Promise<RewardVerification> {
  const posted = await readPosted(salus, key, which);
  if (!posted) {
    throw new SalusError({
      code: "SDK_REWARDS_NONE",
      message: `There is no ${which} reward root of dataset ${key.dataset}.`,
      hint: "Wait for the next epoch.",
      details: { dataset: String(key.dataset), token: key.token },
    });
  }
  const { epoch } = posted;
  const built = await buildRewards(await gatherRewards(salus, { ...key, epoch }, findFiles));
  const differences = (["root", "total", "count", "leafFile"] as const).filter(
    (member) => built?.[member] !== (member === "root" ? posted.hash : posted[member]),
  );
  return { ok: differences.length === 0, epoch, built, differences };
}

async function readPosted(salus: SalusReader, key: RewardKey, which: "claimable" | "last") {
  if (which === "claimable") return readClaimableRoot(salus, key);
  const last = await readLastRoot(salus, key);
  return last && withFile(salus, key, last);
}
