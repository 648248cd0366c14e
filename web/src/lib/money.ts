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

/**
 * Reads an amount as people write it ("1,234.50"); null when it is none, negative, or finer than the token allows.
 * @returns the amount in the token's smallest unit
 */
export function parseMoney(text: string, currency: Currency): bigint | null {
  const match = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const fraction = match[2] ?? "";
  if (fraction.length > currency.decimals) return null;
  return BigInt((match[1] as string).replaceAll(",", "") + fraction.padEnd(currency.decimals, "0"));
}
