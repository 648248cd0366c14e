import type { RewardsQuery } from "@salus/sdk/generated/queries";
import type { HeldRoot } from "@salus/sdk/rewards/read-roots";
import type { Hex } from "#lib/data/types.ts";

type Account = RewardsQuery["rewardAccounts"][number];
export type IndexedRoot = Account["roots"][number];

/**
 * The index's word on the root that the chain pays from: it knows the digest of the file, and cannot lie about it, since
 * the file must give the chain's root.
 */
export function indexedRoot(account: Account, held: Pick<HeldRoot, "hash">): IndexedRoot | undefined {
  return account.roots.find(({ root }) => root.toLowerCase() === held.hash.toLowerCase());
}

/** Whether a newer root than the one that pays is waiting for its checks to end. */
export function isChecking(account: Account, paying: Pick<HeldRoot, "epoch"> | undefined): boolean {
  return account.roots.some(({ epoch, fault }) => !fault && Number(epoch) > (paying?.epoch ?? 0));
}

/** Whether money from other places was sent to an address before: then everyone can see that one person has both. */
export function linksOthers(claims: readonly { account: { datasetId: string } }[], dataset: Hex): boolean {
  return claims.some(({ account }) => account.datasetId.toLowerCase() !== dataset.toLowerCase());
}
