import type { SalusReader } from "@salus/sdk/chain/client";
import { getResult } from "@salus/sdk/gateway/get-result";
import { openResult as open, type ResultEnvelope } from "@salus/sdk/gateway/open-result";
import { readGateways } from "@salus/sdk/gateways/read-gateways";
import { findDelivery, type Delivery } from "@salus/sdk/orders/find-delivery";
import { readerOf } from "#lib/chain/connect.ts";
import { walletOf } from "#lib/chain/wallet.ts";
import type { App } from "#lib/context.ts";
import type { Hex } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";
import { gatewayTarget, type GatewayName } from "#lib/gateways/reach.ts";
import { whenFinal } from "#lib/gateways/when-final.ts";
import { findEntry, type JournalEntry } from "#lib/orders/journal.ts";
import { viewResult, type ResultView } from "#lib/orders/result-view.ts";

/*
 * Opening what was sealed to the buyer. Loaded on demand.
 */

/** A buyer's order with its receipt and the gateways that signed it. */
export interface DeliveredOrder {
  salus: SalusReader;
  entry: JournalEntry;
  delivery: Delivery;
  signers: GatewayName[];
}

/**
 * The receipt of an order that this browser placed.
 * @throws WEB_NOT_YOUR_ORDER, SDK_NOT_DELIVERED
 */
export async function readDelivered(app: App, id: Hex): Promise<DeliveredOrder> {
  const entry = await findEntry(id);
  if (!entry) throw new WebError("WEB_NOT_YOUR_ORDER");
  const salus = readerOf(app.config);
  const delivery = await findDelivery(salus, id);
  const gateways = await readGateways(salus);
  const signers = gateways
    .filter(({ index }) => delivery.signers.includes(index))
    .map(({ name, index }) => ({ name, number: index }));
  return { salus, entry, delivery, signers };
}

/** Fetches the sealed result of a delivered order from a gateway that signed its receipt, and opens it. */
export async function openEnvelope(app: App, delivered: DeliveredOrder): Promise<ResultEnvelope> {
  const { salus, entry, delivery } = delivered;
  const sealed = await fetchSealed(app, delivered);
  return open({
    sealed,
    receipt: delivery.receipt,
    recipientKey: entry.recipientKey,
    chainId: salus.deployment.chainId,
    escrow: salus.deployment.contracts.AccessEscrow,
  });
}

/** The result of a delivered order, opened and checked against its receipt. */
export async function openResult(app: App, id: Hex): Promise<ResultView> {
  return viewResult((await openEnvelope(app, await readDelivered(app, id))).result);
}

/** The gateways that signed hold the result; if none serves it, the first one's reason is told. */
async function fetchSealed(
  app: App,
  { salus, entry, delivery, signers }: DeliveredOrder,
): Promise<Uint8Array> {
  const signer = await walletOf(app);
  let first: unknown;
  for (const gateway of signers) {
    try {
      const target = gatewayTarget(app.config, gateway);
      return await whenFinal(salus, delivery, () => getResult(target, { id: entry.id, signer }));
    } catch (error) {
      first ??= error;
    }
  }
  throw first ?? new WebError("WEB_GATEWAY_UNREACHABLE");
}
