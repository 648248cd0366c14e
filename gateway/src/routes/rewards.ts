import type { FastifyInstance } from "fastify";
import type {
  CosignRewardsRequest,
  CosignRewardsResponse,
  RelayClaimRequest,
  RelayClaimResponse,
} from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { requirePeer } from "../auth/require-peer.ts";
import type { Context } from "../context.ts";
import { bytes32, errorBody, object, signature, struct, uint } from "../http/schemas.ts";
import { cosignRewards } from "../rewards/cosign-rewards.ts";
import { relayClaim } from "../rewards/relay-claim.ts";

/** Rewards: roots that gateways check for one another, and claims for people without gas. Files are under `/ipfs`. */
export async function rewardRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Body: CosignRewardsRequest }>(
    "/v1/peer/rewards",
    {
      schema: {
        body: object({ root: struct("RewardRoot") }),
        response: { 200: object({ gateway: uint(16), signature }), "4xx": errorBody },
      },
    },
    async (request): Promise<CosignRewardsResponse> => {
      await requirePeer(context, request);
      const root = fromWire("RewardRoot", request.body.root);
      return { gateway: context.index, signature: await cosignRewards(context, root) };
    },
  );

  app.post<{ Body: RelayClaimRequest }>(
    "/v1/rewards/claims",
    {
      schema: {
        body: object({ claim: struct("Claim"), signature }),
        response: { 200: object({ transaction: bytes32 }), "4xx": errorBody },
      },
    },
    async (request): Promise<RelayClaimResponse> => {
      const { claim, signature: signed } = request.body;
      const about = { claim: fromWire("Claim", claim), signature: signed };
      return { transaction: await relayClaim(context, request, about) };
    },
  );
}
