import {
  ArbitratorChanged,
  FeeChanged,
  OrderAccepted,
  OrderDelivered,
  OrderEvidenced,
  OrderDisputed,
  OrderFailed,
  OrderFunded,
  OrderRefunded,
  OrderReported,
  OrderRuled,
  OrderSettled,
} from "../../generated/AccessEscrow/AccessEscrow";
import { Order } from "../../generated/schema";
import { countOrder, countSettlement } from "../entities/asset";
import { createEvidence } from "../entities/evidence";
import { openDispute, ruleDispute } from "../entities/dispute";
import { learnEscrowFee, setEscrowFee } from "../entities/escrow";
import { createFailure } from "../entities/failure";
import { createOrder, enter } from "../entities/order";
import { setParameter } from "../entities/parameter";
import { loadProtocol } from "../entities/protocol";
import { createReceipt } from "../entities/receipt";
import { createRefund } from "../entities/refund";
import { createReleaseReport } from "../entities/releaseReport";
import { createSettlement } from "../entities/settlement";

export function handleOrderFunded(event: OrderFunded): void {
  learnEscrowFee(event.address, event.params.feeBps);
  const order = createOrder(event);
  countOrder(order.asset);
  const protocol = loadProtocol();
  protocol.orderCount += 1;
  protocol.save();
}

export function handleOrderEvidenced(event: OrderEvidenced): void {
  const order = Order.load(event.params.id);
  if (order) createEvidence(order, event);
}

export function handleOrderDelivered(event: OrderDelivered): void {
  const order = Order.load(event.params.id);
  if (!order) return;
  order.cohort = event.params.receipt.cohort;
  enter(order, "Delivered", event);
  createReceipt(order, event);
  const protocol = loadProtocol();
  protocol.deliveredCount += 1;
  protocol.save();
}

export function handleOrderReported(event: OrderReported): void {
  const order = Order.load(event.params.id);
  if (!order) return;
  order.released = event.params.count;
  order.save();
  createReleaseReport(order, event);
}

export function handleOrderFailed(event: OrderFailed): void {
  const order = Order.load(event.params.id);
  if (order) createFailure(order, event);
}

export function handleOrderAccepted(event: OrderAccepted): void {
  const order = Order.load(event.params.id);
  if (!order) return;
  order.acceptedAt = event.block.timestamp;
  order.save();
}

export function handleOrderDisputed(event: OrderDisputed): void {
  const order = Order.load(event.params.id);
  if (!order) return;
  enter(order, "Disputed", event);
  openDispute(order, event);
}

export function handleOrderRuled(event: OrderRuled): void {
  ruleDispute(event);
}

export function handleOrderSettled(event: OrderSettled): void {
  const order = Order.load(event.params.id);
  if (!order) return;
  enter(order, "Settled", event);
  countSettlement(createSettlement(order, event));
  const protocol = loadProtocol();
  protocol.settledCount += 1;
  protocol.save();
}

export function handleOrderRefunded(event: OrderRefunded): void {
  const order = Order.load(event.params.id);
  if (!order) return;
  enter(order, "Refunded", event);
  createRefund(order, event);
  const protocol = loadProtocol();
  protocol.refundedCount += 1;
  protocol.save();
}

export function handleFeeChanged(event: FeeChanged): void {
  setEscrowFee(event.address, event.params.feeBps);
  setParameter("AccessEscrow.feeBps", event.params.feeBps.toString(), event);
}

export function handleArbitratorChanged(event: ArbitratorChanged): void {
  setParameter("AccessEscrow.arbitrator", event.params.arbitrator.toHexString(), event);
}
