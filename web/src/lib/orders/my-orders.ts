import { ordersByBuyerQuery } from "@salus/sdk/generated/queryTexts";
import { walletOf } from "#lib/chain/wallet.ts";
import { currencyByNumber, type PublicConfig } from "#lib/config.ts";
import type { App } from "#lib/context.ts";
import { orderSummary } from "#lib/data/order-views.ts";
import type { OrderSummary } from "#lib/data/types.ts";
import { askText } from "#lib/graph/ask-text.ts";
import { assetHex } from "#lib/data/asset-words.ts";
import { orderKindName } from "./names.ts";
import { allEntries, type JournalEntry } from "./journal.ts";

/** Most orders that the list shows. */
const MOST = 100;
/** How long an order that the index does not have yet is listed from this browser's own notes, in ms. */
const PENDING_MS = 10 * 60_000;

/** Orders of whoever is signed in, newest first, with those that the index has not read yet. */
export async function readMyOrders(app: App): Promise<OrderSummary[]> {
  const { address } = await walletOf(app);
  const buyer = address.toLowerCase() as `0x${string}`;
  const { orders } = await askText(ordersByBuyerQuery, { buyer, first: MOST });
  const indexed = orders.map((order) => orderSummary(order, app.config));
  const known = new Set(indexed.map(({ id }) => id));
  const pending = (await allEntries())
    .filter(({ order }) => order.buyer.toLowerCase() === buyer)
    .filter(({ id, createdAt }) => !known.has(id) && Date.now() - createdAt < PENDING_MS)
    .map((entry) => summaryOf(entry, app.config));
  return [...pending, ...indexed].sort((a, b) => b.at - a.at);
}

function summaryOf({ id, order, title, createdAt }: JournalEntry, config: PublicConfig): OrderSummary {
  return {
    id,
    asset: assetHex(order.asset),
    assetTitle: title,
    kind: orderKindName(order.kind),
    state: "Funded",
    price: order.price,
    fee: order.maxFee,
    currency: currencyByNumber(config, order.token),
    at: Math.floor(createdAt / 1000),
  };
}
