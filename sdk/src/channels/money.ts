import type { Channel } from "../types.ts";

const WHOLE_BPS = 10_000n;

/** The protocol fee on what vouchers of a channel say in all, as the contract counts it: rounded down on the whole. */
export function channelFee(channel: Pick<Channel, "feeBps">, amount: bigint): bigint {
  return (amount * BigInt(channel.feeBps)) / WHOLE_BPS;
}

/** What a voucher of `amount` costs its payer in all, fee included. */
export function channelCost(channel: Pick<Channel, "feeBps">, amount: bigint): bigint {
  return amount + channelFee(channel, amount);
}

/** How many further calls the rest of a deposit pays for, when vouchers say `amount` so far. */
export function callsLeft(
  channel: Pick<Channel, "feeBps" | "price">,
  { paidIn, amount }: { paidIn: bigint; amount: bigint },
): bigint {
  if (channel.price === 0n) return BigInt(Number.MAX_SAFE_INTEGER);
  // An upper bound by division, corrected downwards: rounding may cost the last call.
  let calls = ((paidIn * WHOLE_BPS) / (WHOLE_BPS + BigInt(channel.feeBps)) + 1n - amount) / channel.price;
  while (calls > 0n && channelCost(channel, amount + calls * channel.price) > paidIn) calls -= 1n;
  return calls < 0n ? 0n : calls;
}
