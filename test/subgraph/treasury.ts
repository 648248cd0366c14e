/** The treasury collects, pays, grants, announces and revokes; votes move its cap and the least stake. */
import type { Address, Hex } from "viem";
import { account, act, type Protocol, read } from "./contracts.ts";
import { pass, word, ZERO } from "./market.ts";

const admin = account(0);
const stranger = account(7);

/** What happened, for the test to compare. */
export type Spent = { worker: Address; announced: Hex; revoked: Hex };

/** Account 0 has a vote's powers: 10,000 come in, 4,300 leave. */
export async function spend(p: Protocol): Promise<Spent> {
  const worker = account(12).address;
  const token = p.dollar.address;
  const paid = { token, to: worker, amount: 100n, start: 0n, duration: 0n };
  await act(admin, p.dollar, "mint", [p.payouts.address, 10_000n]);
  const credit = { payee: p.treasury.address, amount: 10_000n };
  await act(admin, p.payouts, "deposit", [token, [credit], ZERO, 0n, ZERO]);
  await act(stranger, p.treasury, "collect", [p.payouts.address, token]);
  await act(admin, p.treasury, "pay", [paid]);
  await act(admin, p.treasury, "pay", [{ ...paid, amount: 200n, start: 1_900_000_000n, duration: 300n }]);
  const large = { ...paid, amount: 4_000n };
  const larger = { ...paid, amount: 5_000n };
  await act(admin, p.treasury, "announce", [large, word(1)]);
  await act(admin, p.treasury, "announce", [larger, word(2)]);
  const announced = await read<Hex>(p.treasury, "announcementId", [large, word(1)]);
  const revoked = await read<Hex>(p.treasury, "announcementId", [larger, word(2)]);
  await act(admin, p.treasury, "revoke", [revoked]);
  await pass(10);
  await act(stranger, p.treasury, "payAnnounced", [large, word(1)]);
  await act(admin, p.treasury, "setCap", [600]);
  await act(admin, p.gateways, "setMinimumStake", [7n]);
  return { worker, announced, revoked };
}
