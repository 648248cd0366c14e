import { OrderReported } from "../../generated/AccessEscrow/AccessEscrow";
import { Order, ReleaseReport } from "../../generated/schema";
import { numberIds } from "../lib/ids";
import { stamp } from "../lib/stamp";

/** What the gateways released for a download. */
export function createReleaseReport(order: Order, event: OrderReported): void {
  const report = new ReleaseReport(order.id);
  report.order = order.id;
  report.count = event.params.count;
  report.root = event.params.root;
  report.signers = numberIds(event.params.signers);
  stamp(report, event);
  report.save();
}
