import type { SalusReader } from "@salus/sdk/chain/client";
import { readGrant } from "@salus/sdk/treasury/release-grant";
import type { GrantNow, GrantView } from "#lib/governance/treasury.ts";

/** What the grants' wallets would release now. One that does not answer leaves the others as they are. */
export function readGrantsNow(reader: SalusReader, grants: readonly GrantView[]): Promise<GrantNow[]> {
  return Promise.all(
    grants.map(async (grant) => {
      try {
        const { releasable } = await readGrant(reader, grant);
        return { ...grant, releasable };
      } catch (error) {
        // The page says that it is not known; why not is for those who run this site.
        console.error(`The grant's wallet ${grant.wallet} could not be read:`, error);
        return { ...grant, releasable: null };
      }
    }),
  );
}
