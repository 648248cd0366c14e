import type { SalusReader } from "@salus/sdk/chain/client";
import { readTreasury, readTreasuryRules } from "@salus/sdk/treasury/read-treasury";
import { currencyOf, type PublicConfig } from "#lib/config.ts";
import type { Hex } from "#lib/data/types.ts";
import type { TreasuryView } from "#lib/governance/treasury.ts";
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
