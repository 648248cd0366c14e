import { OrderFailed } from "../../generated/AccessEscrow/AccessEscrow";
import { Failure, Order } from "../../generated/schema";
import { numberIds } from "../lib/ids";
import { stamp } from "../lib/stamp";

/** A failure that gateways signed; the refund follows in an event of its own. */
export function createFailure(order: Order, event: OrderFailed): void {
  const failure = new Failure(order.id);
  failure.order = order.id;
  failure.reason = event.params.reason;
  failure.detail = event.params.detail;
  failure.signers = numberIds(event.params.signers);
  stamp(failure, event);
  failure.save();
}
