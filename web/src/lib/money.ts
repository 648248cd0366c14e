/** A token as amounts are written in. */
export interface Currency {
  symbol: string;
  decimals: number;
}

/**
 * Writes an amount for people: grouped thousands, at least two and at most `decimals` places, never rounded.
 * @param amount in the token's smallest unit
 */
export function formatMoney(amount: bigint, currency: Currency): string {
  const unit = 10n ** BigInt(currency.decimals);
  const absolute = amount < 0n ? -amount : amount;
  const whole = new Intl.NumberFormat("en-GB").format(absolute / unit);
  const fraction = (absolute % unit).toString().padStart(currency.decimals, "0").replace(/0+$/, "");
  const places = currency.decimals === 0 ? "" : `.${fraction.padEnd(Math.min(2, currency.decimals), "0")}`;
  return `${amount < 0n ? "−" : ""}${whole}${places} ${currency.symbol}`;
}
