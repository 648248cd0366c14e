import { OrderRefunded } from "../../generated/AccessEscrow/AccessEscrow";
import { Order, Refund } from "../../generated/schema";
import { stamp } from "../lib/stamp";

/** What an order paid back, and why. */
export function createRefund(order: Order, event: OrderRefunded): void {
  const refund = new Refund(order.id);
  refund.order = order.id;
  refund.asset = order.asset;
  refund.reason = reasonName(event.params.reason);
  refund.amount = event.params.amount;
  stamp(refund, event);
  refund.save();
}

/** Solidity's enum RefundReason. */
function reasonName(reason: i32): string {
  if (reason == 0) return "Failed";
  if (reason == 1) return "Expired";
  if (reason == 2) return "Delisted";
  if (reason == 3) return "NotReported";
  return "Ruled";
}
