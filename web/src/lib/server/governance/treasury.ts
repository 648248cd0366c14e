import type { SalusReader } from "@salus/sdk/chain/client";
import { readTreasury, readTreasuryRules } from "@salus/sdk/treasury/read-treasury";
import { readGrant } from "@salus/sdk/treasury/release-grant";
import { currencyOf, type PublicConfig } from "#lib/config.ts";
import type { Hex } from "#lib/data/types.ts";
import type { GrantNow, GrantView, TreasuryView } from "#lib/governance/treasury.ts";
import { fromChain } from "./chain.ts";

/** How the treasury stands in every token that orders can be paid in. @throws WEB_RPC_UNREACHABLE */
export function readTreasuryView(reader: SalusReader, config: PublicConfig): Promise<TreasuryView> {
  const tokens = Object.keys(config.currencies) as Hex[];
  return fromChain(async () => {
    const [rules, ...balances] = await Promise.all([
      readTreasuryRules(reader),
      ...tokens.map((token) => readTreasury(reader, token)),
    ]);
    return { rules, balances: balances.map((one) => ({ ...one, currency: currencyOf(config, one.token) })) };
  });
}

/** What the grants' wallets would release now. One that does not answer leaves the others as they are. */
export function readGrantsNow(reader: SalusReader, grants: readonly GrantView[]): Promise<GrantNow[]> {
  return Promise.all(
    grants.map(async (grant) => {
      const state = await readGrant(reader, grant).catch(() => null);
      return { ...grant, releasable: state?.releasable ?? null };
    }),
  );
}
