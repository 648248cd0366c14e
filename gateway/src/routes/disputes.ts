import type { FastifyInstance } from "fastify";
import type { RelayOpeningRequest, RelayResponse } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import type { Context } from "../context.ts";
import { relayOpening } from "../disputes/relay-opening.ts";
import {
  address,
  array,
  bytes32,
  decimal,
  errorBody,
  object,
  signature,
  struct,
  uint,
} from "../http/schemas.ts";

/** Levels that a tree of contributors has at the most. */
const MOST_LEVELS = 40;

/** Disputes of people whose data was used, and who have no coin of the chain's own. */
export async function disputeRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Body: RelayOpeningRequest }>(
    "/v1/disputes",
    {
      schema: {
        body: object({
          order: struct("Order"),
          opening: object({ order: bytes32, subject: address, evidence: bytes32, maxBond: decimal }),
          membership: object({
            receipt: struct("Receipt"),
            signature,
            contributor: object({ subject: address, weight: uint(32) }),
            proof: array(bytes32, MOST_LEVELS),
          }),
          signature,
          permit: object({ value: decimal, deadline: decimal, v: uint(8), r: bytes32, s: bytes32 }),
        }),
        response: { 200: object({ transaction: bytes32 }), "4xx": errorBody },
      },
    },
    async ({ body }): Promise<RelayResponse> => {
      const { opening, membership, permit } = body;
      const transaction = await relayOpening(context, {
        order: fromWire("Order", body.order),
        opening: { ...opening, maxBond: BigInt(opening.maxBond) },
        membership: { ...membership, receipt: fromWire("Receipt", membership.receipt) },
        signature: body.signature,
        permit: { ...permit, value: BigInt(permit.value), deadline: BigInt(permit.deadline) },
      });
      return { transaction };
    },
  );
}
