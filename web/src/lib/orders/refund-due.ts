import type { OrderDetail } from "#lib/data/types.ts";

/** Why an order can be refunded now, in words; null while it cannot. @param chainTime the chain's clock, in seconds */
export function refundDue(
  {
    kind,
    state,
    deliverBy,
    reportBy,
    release,
  }: Pick<OrderDetail, "kind" | "state" | "deliverBy" | "reportBy" | "release">,
  chainTime: number,
): string | null {
  if (state === "Funded" && chainTime > deliverBy) {
    return "No receipt arrived in time. You can take all of your payment back.";
  }
  const unreported = kind === "Download" && state === "Delivered" && release === null && reportBy !== null;
  if (unreported && chainTime > reportBy) {
    return "The data keepers did not report what they released. You can take all of your payment back.";
  }
  return null;
}
