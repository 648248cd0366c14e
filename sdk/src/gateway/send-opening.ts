import type { Hex } from "viem";
import type { Permit } from "../chain/permit.ts";
import type { Membership } from "../disputes/membership.ts";
import type { DisputeOpening } from "../disputes/open-as-contributor.ts";
import type { Order } from "../types.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { RelayOpeningRequest, RelayResponse } from "./types.ts";
import { toWire } from "./wire.ts";

/** A contributor's dispute, signed, with the permit from which the panel takes the bond. */
export type SignedOpening = {
  order: Order;
  opening: DisputeOpening;
  membership: Membership;
  signature: Hex;
  permit: Permit;
};

/** Hands a contributor's dispute to a gateway, which opens it on chain at its own cost. */
export function sendOpening(
  gateway: GatewayAddress,
  { order, opening, membership, signature, permit }: SignedOpening,
): Promise<RelayResponse> {
  const json: RelayOpeningRequest = {
    order: toWire("Order", order),
    opening: { ...opening, maxBond: opening.maxBond.toString() },
    membership: { ...membership, receipt: toWire("Receipt", membership.receipt) },
    signature,
    permit: { ...permit, value: permit.value.toString(), deadline: permit.deadline.toString() },
  };
  return sendForJson(gateway, { method: "POST", path: "/v1/disputes", json });
}
