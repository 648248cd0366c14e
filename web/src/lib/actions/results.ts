import type { SalusReader } from "@salus/sdk/chain/client";
import { getResult } from "@salus/sdk/gateway/get-result";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import { openResult as open, type ResultEnvelope } from "@salus/sdk/gateway/open-result";
import { readGateways } from "@salus/sdk/gateways/read-gateways";
import { findDelivery, type Delivery } from "@salus/sdk/orders/find-delivery";
import { readerOf, walletOf } from "#lib/chain/connect.ts";
import type { App } from "#lib/context.ts";
import type { Hex } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";
import { gatewayTarget, type GatewayName } from "#lib/gateways/reach.ts";
import { findEntry, type JournalEntry } from "#lib/orders/journal.ts";
import { viewResult, type ResultView } from "#lib/orders/result-view.ts";

/*
 * Opening what was sealed to the buyer. Loaded on demand.
 */

/** A delivery becomes final some blocks after it was mined; this long it is asked for again, in ms. */
const FINAL_WITHIN_MS = 60_000;
const AGAIN_MS = 1_000;

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

async function fetchSealed(app: App, { entry, signers }: DeliveredOrder): Promise<Uint8Array> {
  const signer = await walletOf(app);
  const until = Date.now() + FINAL_WITHIN_MS;
  for (;;) {
    const found = await firstAnswer(signers, (gateway) =>
      getResult(gatewayTarget(app.config, gateway), { id: entry.id, signer }),
    );
    if (found.ok) return found.value;
    if (!isNotFinal(found.error) || Date.now() > until) throw found.error;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

type Answer<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** The first gateway that answers serves; if none does, the first one's reason is told. */
async function firstAnswer<T>(
  gateways: readonly GatewayName[],
  ask: (gateway: GatewayName) => Promise<T>,
): Promise<Answer<T>> {
  let first: { error: unknown } | undefined;
  for (const gateway of gateways) {
    try {
      return { ok: true, value: await ask(gateway) };
    } catch (error) {
      first ??= { error };
    }
  }
  return { ok: false, error: first ? first.error : new WebError("WEB_GATEWAY_UNREACHABLE") };
}

function isNotFinal(error: unknown): boolean {
  return error instanceof GatewayRequestError && error.code === "GATEWAY_NOT_FINAL";
}
