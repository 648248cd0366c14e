import { isSalusError } from "@salus/sdk/errors";
import { readGateways } from "@salus/sdk/gateways/read-gateways";
import { findDelivery, type Delivery } from "@salus/sdk/orders/find-delivery";
import { findOrder } from "@salus/sdk/orders/find-order";
import { readOrderStatus } from "@salus/sdk/orders/read-order-status";
import { readerOf } from "#lib/chain/connect.ts";
import { currencyByNumber, type PublicConfig } from "#lib/config.ts";
import { assetHex } from "#lib/data/asset-words.ts";
import type { Hex, OrderDetail, ReceiptView } from "#lib/data/types.ts";
import { shorten } from "#lib/format.ts";
import { findEntry } from "#lib/orders/journal.ts";
import { orderKindName, orderStateName } from "#lib/orders/names.ts";

/**
 * An order from the chain alone, for the time in which the index does not have it: without history and split, and with
 * the title that this browser noted. Null when the chain has no such order. Loaded on demand.
 */
export async function readOrderFromChain(config: PublicConfig, id: Hex): Promise<OrderDetail | null> {
  const salus = readerOf(config);
  const status = await readOrderStatus(salus, id);
  const state = orderStateName(status.state);
  if (!state) return null;
  const { order, fee } = await findOrder(salus, id);
  const [gateways, delivery, entry, block] = await Promise.all([
    readGateways(salus),
    deliveryOf(() => findDelivery(salus, id)),
    findEntry(id),
    salus.publicClient.getBlock(),
  ]);
  const nameOf = (number: number) =>
    gateways.find(({ index }) => index === number)?.name ?? `gateway ${number}`;
  return {
    id,
    asset: assetHex(order.asset),
    assetTitle: entry?.title ?? `Asset ${shorten(assetHex(order.asset))}`,
    kind: orderKindName(order.kind),
    state,
    price: order.price,
    fee,
    currency: currencyByNumber(config, order.token),
    at: entry ? Math.floor(entry.createdAt / 1000) : Number(block.timestamp),
    buyer: order.buyer,
    uses: order.uses,
    version: order.version,
    gateway: { name: nameOf(order.custodian), number: order.custodian },
    deliverBy: order.deliverBy,
    reportBy: null,
    history: [],
    refundReason: null,
    receipt: delivery && receiptView(delivery, nameOf),
    release: null,
    arbitrated: !/^0x0{40}$/.test(order.arbitrator),
    // The index tells it, with the receipt's time.
    disputeUntil: null,
    disputed: false,
    split: null,
  };
}

async function deliveryOf(find: () => Promise<Delivery>): Promise<Delivery | null> {
  try {
    return await find();
  } catch (error) {
    if (isSalusError(error) && error.code === "SDK_NOT_DELIVERED") return null;
    throw error;
  }
}

function receiptView({ receipt, signers }: Delivery, nameOf: (number: number) => string): ReceiptView {
  const { cohort, inputRoot, contributorsRoot, excludedRoot, grantBlock, consentBlock, privacyCost } =
    receipt;
  const roots = { inputRoot, contributorsRoot, excludedRoot };
  const attestation = receipt.attestation === 1 ? "cosigned" : `kind ${receipt.attestation}`;
  return {
    ...roots,
    cohort,
    grantBlock,
    consentBlock,
    privacyCost,
    attestation,
    signers: signers.map(nameOf),
  };
}
