import { currencyByNumber, type PublicConfig } from "#lib/config.ts";
import type { Currency } from "#lib/money.ts";

/** The currency of settings that are sums: the first token that was allowed, in which stakes are held. */
export function feeCurrency(config: Pick<PublicConfig, "currencies">): Currency {
  return currencyByNumber(config, 1);
}
