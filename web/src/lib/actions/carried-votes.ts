import type { SalusWriter } from "@salus/sdk/chain/client";
import { sendDelegation, sendVote } from "@salus/sdk/gateway/send-vote";
import { signDelegation } from "@salus/sdk/governance/sign-delegation";
import { signVote } from "@salus/sdk/governance/sign-vote";
import type { App } from "#lib/context.ts";
import type { Hex } from "#lib/data/types.ts";
import { firstToAccept } from "#lib/gateways/first-to-accept.ts";
import { gatewayAddress } from "#lib/gateways/reach.ts";
import type { Outcome } from "#lib/transactions/model.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";

/*
 * Votes and delegations of whoever has no coin: they sign, and a gateway carries it. Apart from those that one sends
 * oneself: most people need only one of the two.
 */

/** Has a delegation of the writer's tokens carried. */
export async function carryDelegation(
  app: App,
  salus: SalusWriter,
  to: Hex,
  progress: Progress,
): Promise<Outcome> {
  const request = { holder: salus.walletClient.account.address, to };
  const signed = await signDelegation(salus, request, salus.walletClient);
  return carry(app, progress, (name) => sendDelegation(gatewayAddress(name), signed));
}

/** Has the writer's vote carried. */
export async function carryVote(
  app: App,
  salus: SalusWriter,
  ballot: { id: bigint; choice: number; reason: string },
  progress: Progress,
): Promise<Outcome> {
  const voter = salus.walletClient.account.address;
  const signed = await signVote(salus, { voter, ...ballot }, salus.walletClient);
  return carry(app, progress, (name) => sendVote(gatewayAddress(name), signed));
}

/** Any gateway will do: what is signed cannot be changed on its way, and counts once. */
async function carry(
  app: App,
  progress: Progress,
  send: (name: string) => Promise<{ transaction: Hex }>,
): Promise<Outcome> {
  const { transaction } = await firstToAccept(app.config.gateways, send);
  progress.sent(transaction);
  return { hash: transaction };
}
