import { OrderDisputed, OrderRuled } from "../../generated/AccessEscrow/AccessEscrow";
import { Dispute, Order } from "../../generated/schema";
import { stamp } from "../lib/stamp";

/** An order's arbitrator opened a dispute about it. */
export function openDispute(order: Order, event: OrderDisputed): void {
  const dispute = new Dispute(order.id);
  dispute.order = order.id;
  dispute.asset = order.asset;
  dispute.arbitrator = event.params.arbitrator;
  dispute.rulingUntil = event.params.rulingUntil;
  stamp(dispute, event);
  dispute.save();
}

/** The arbitrator decided; how the order ends follows in an event of its own. */
export function ruleDispute(event: OrderRuled): void {
  const dispute = Dispute.load(event.params.id);
  if (!dispute) return;
  dispute.ruling = rulingName(event.params.ruling);
  dispute.ruledAt = event.block.timestamp;
  dispute.save();
}

/** Solidity's enum Ruling. */
function rulingName(ruling: i32): string {
  if (ruling == 1) return "Pay";
  if (ruling == 2) return "Refund";
  return "None";
}
