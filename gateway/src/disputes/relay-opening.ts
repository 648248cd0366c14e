import { hashTypedData, type Address, type Hex } from "viem";
import { hashStruct } from "@salus/sdk/chain/hash-struct";
import { openDisputeAsContributor, openingTypedData } from "@salus/sdk/disputes/open-as-contributor";
import type { SignedOpening } from "@salus/sdk/gateway/send-opening";
import { OrderState } from "@salus/sdk/generated/constants";
import { readOrderStatus } from "@salus/sdk/orders/read-order-status";
import { isSubjectKnown } from "../consents/known-subject.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { payOnce } from "../relay/pay-once.ts";

/**
 * Opens a dispute for somebody whose data was used, at the operator's cost; the bond is theirs. The panel is asked nothing
 * before the order is found on chain: it is the order that names it, and only of a funded order has a vote chosen it.
 *
 * @throws GATEWAY_DISPUTE_REFUSED, GATEWAY_RELAY_BUDGET, GATEWAY_RELAY_RUNNING
 */
export async function relayOpening(context: Context, signed: SignedOpening): Promise<Hex> {
  const { order, opening } = signed;
  const { deployment } = context;
  const id = hashStruct(deployment, "Order", order);
  if (opening.order !== id) throw refused("The opening is about another order.");
  if (!(await isSubjectKnown(context, order.asset, opening.subject.toLowerCase() as Address))) {
    throw refused(
      "This gateway holds no record of the subject in this dataset.",
      "Send it to a gateway of the dataset's gateway set, or open the dispute on chain yourself.",
    );
  }
  const word = `opening:${hashTypedData(openingTypedData(deployment, order.arbitrator, opening))}`;
  const about = { word, kind: "DisputeOpening", dataset: order.asset, subject: opening.subject };
  return payOnce(context, about, "GATEWAY_DISPUTE_REFUSED", async (writer) => {
    const { state } = await readOrderStatus(writer, id);
    if (state !== OrderState.Delivered) throw refused("The order is not one that can be disputed now.");
    return openDisputeAsContributor(writer, signed);
  });
}

function refused(message: string, hint?: string): GatewayError {
  return new GatewayError("GATEWAY_DISPUTE_REFUSED", message, hint ? { hint } : {});
}
