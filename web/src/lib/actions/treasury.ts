import { collectFees } from "@salus/sdk/treasury/collect-fees";
import { payAnnounced } from "@salus/sdk/treasury/pay-announced";
import { releaseGrant } from "@salus/sdk/treasury/release-grant";
import type { TransactionReceipt } from "viem";
import { writerOf } from "#lib/chain/connect.ts";
import type { App } from "#lib/context.ts";
import type { Hex } from "#lib/data/types.ts";
import type { AnnouncementView, GrantView } from "#lib/governance/treasury.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";

/*
 * What anybody may do for the treasury. Loaded on demand: it brings the chain library with it.
 */

/** Fetches the treasury's credit in a token. */
export async function collect(
  app: App,
  token: Hex,
  progress: Progress,
): Promise<{ hash: Hex; block: number }> {
  return sentOf(await collectFees(await writerOf(app), token, telling(progress)));
}

/** Carries out an announced payment whose time has come. */
export async function carryOutAnnounced(
  app: App,
  { token, to, amount, start, duration, salt }: AnnouncementView,
  progress: Progress,
): Promise<{ hash: Hex; block: number }> {
  const payment = { token, to, amount, start, duration };
  return sentOf(await payAnnounced(await writerOf(app), { payment, salt }, telling(progress)));
}

/** Pays what a grant's wallet has set free to whom it is for. */
export async function release(
  app: App,
  { wallet, token }: GrantView,
  progress: Progress,
): Promise<{ hash: Hex; block: number }> {
  return sentOf(await releaseGrant(await writerOf(app), { wallet, token }, telling(progress)));
}

function telling(progress: Progress) {
  return {
    onStep: (step: { step: string; hash?: Hex }) => void (step.step === "sent" && progress.sent(step.hash)),
  };
}

function sentOf({ transactionHash, blockNumber }: TransactionReceipt): { hash: Hex; block: number } {
  return { hash: transactionHash, block: Number(blockNumber) };
}
