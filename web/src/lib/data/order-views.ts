import type { ModelQuery, OrderQuery, OrdersByBuyerQuery } from "@salus/sdk/generated/queries";
import { currencyOf, type PublicConfig } from "#lib/config.ts";
import { titleOf } from "./asset-words.ts";
import type { OrderDetail, OrderSummary, ReceiptView } from "./types.ts";

type Config = Pick<PublicConfig, "currencies">;
type OrderPart = OrdersByBuyerQuery["orders"][number];
type FullOrder = NonNullable<OrderQuery["order"]>;
export type Parents = NonNullable<ModelQuery["asset"]>["parents"];

const WHOLE_BPS = 10_000n;
/** What the number in a receipt stands for. */
const ATTESTATION: Record<number, string> = { 1: "cosigned" };

/** An order as lists show it. */
export function orderSummary(order: OrderPart, config: Config): OrderSummary {
  const { id, asset, kind, state, token } = order;
  return {
    id,
    asset: asset.id,
    assetTitle: titleOf(asset.kind, asset.id, asset.descriptor),
    kind,
    state,
    price: BigInt(order.price),
    fee: BigInt(order.fee),
    currency: currencyOf(config, token.id),
    at: Number(order.fundedAt),
  };
}

/** An order with everything its page shows. @param parents of the model, for a settled model use */
export function orderDetail(order: FullOrder, config: Config, parents: Parents): OrderDetail {
  return {
    ...orderSummary(order, config),
    buyer: order.buyer,
    uses: BigInt(order.uses),
    version: order.version.number,
    gateway: { name: order.custodian.name, number: order.custodian.number },
    deliverBy: Number(order.deliverBy),
    reportBy: reportByOf(order),
    history: order.transitions.map(({ state, timestamp, transaction }) => ({
      state,
      at: Number(timestamp),
      transaction,
    })),
    refundReason: order.refund?.reason ?? null,
    receipt: order.receipt && receiptView(order.receipt),
    release: order.report && {
      count: Number(order.report.count),
      signers: order.report.signers.map(({ name }) => name),
    },
    arbitrated: !/^0x0{40}$/.test(order.arbitrator),
    disputeUntil: disputeUntilOf(order),
    disputed: order.dispute?.state != null,
    split: order.settlement && splitOf(order, order.settlement, parents),
  };
}

/** A download's time to dispute counts from its report, everything else's from its receipt. */
function disputeUntilOf({ kind, arbitrator, receipt, report, disputeWindow }: FullOrder): number | null {
  const from = kind === "Download" ? report : receipt;
  return from && !/^0x0{40}$/.test(arbitrator) ? Number(from.timestamp) + Number(disputeWindow) : null;
}

function reportByOf({ kind, receipt, reportWindow }: FullOrder): number | null {
  return kind === "Download" && receipt ? Number(receipt.timestamp) + Number(reportWindow) : null;
}

function receiptView(receipt: NonNullable<FullOrder["receipt"]>): ReceiptView {
  return {
    cohort: Number(receipt.cohort),
    inputRoot: receipt.inputRoot,
    contributorsRoot: receipt.contributorsRoot,
    excludedRoot: receipt.excludedRoot,
    grantBlock: Number(receipt.grantBlock),
    consentBlock: Number(receipt.consentBlock),
    privacyCost: BigInt(receipt.privacyCost),
    attestation: ATTESTATION[receipt.attestation] ?? `kind ${receipt.attestation}`,
    signers: receipt.signers.map(({ name }) => name),
  };
}

/** Who got what. Of a model's pot, its parents' parts go on to the people whose records taught it. */
function splitOf(
  { kind }: FullOrder,
  settlement: NonNullable<FullOrder["settlement"]>,
  parents: Parents,
): { label: string; amount: bigint }[] {
  const { pot, custodian, curator, fee, refund } = settlement;
  const model = kind === "ModelUse";
  const parts = [
    ...(model
      ? parentParts(BigInt(pot), parents)
      : [{ label: "People whose records were used", amount: BigInt(pot) }]),
    {
      label: model ? "Institution that ran it" : "Institution that keeps the records",
      amount: BigInt(custodian),
    },
    { label: model ? "Developer of the model" : "Owner of the dataset", amount: BigInt(curator) },
    { label: "The commons (protocol fee)", amount: BigInt(fee) },
    { label: "Back to you", amount: BigInt(refund) },
  ];
  return parts.filter(({ amount }, index) => amount > 0n || index === 0);
}

/** A model's pot belongs to its parents alone, in the proportion of their shares. */
function parentParts(pot: bigint, parents: Parents): { label: string; amount: bigint }[] {
  const whole = parents.reduce((sum, { shareBps }) => sum + BigInt(shareBps), 0n) || WHOLE_BPS;
  if (parents.length === 0) return [{ label: "People whose records taught it", amount: pot }];
  return parents.map(({ shareBps, parent }) => ({
    label: `People whose records taught it (${titleOf(parent.kind, parent.id, parent.descriptor)})`,
    amount: (pot * BigInt(shareBps)) / whole,
  }));
}
