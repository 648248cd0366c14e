import type { FastifyInstance } from "fastify";
import type { RelayDelegationRequest, RelayResponse, RelayVoteRequest } from "@salus/sdk/gateway/types";
import type { Context } from "../context.ts";
import { LIMIT } from "../http/limits.ts";
import { relayDelegation, relayVote } from "../governance/relay-vote.ts";
import { address, bytes32, decimal, errorBody, object, signature, text } from "../http/schemas.ts";

/** Votes and delegations of token holders without coin of the chain's own. */
export async function governanceRoutes(app: FastifyInstance, context: Context): Promise<void> {
  const response = { 200: object({ transaction: bytes32 }), "4xx": errorBody };
  app.post<{ Body: RelayVoteRequest }>(
    "/v1/governance/votes",
    {
      schema: {
        body: object({
          proposal: decimal,
          support: { type: "integer", minimum: 0, maximum: 2 },
          voter: address,
          nonce: decimal,
          reason: text(LIMIT.voteReasonCharacters),
          signature,
        }),
        response,
      },
    },
    async ({ body }): Promise<RelayResponse> => {
      const { proposal, support, voter, nonce, reason } = body;
      const ballot = { proposalId: BigInt(proposal), support, voter, nonce: BigInt(nonce), reason };
      return { transaction: await relayVote(context, { ballot, signature: body.signature }) };
    },
  );

  app.post<{ Body: RelayDelegationRequest }>(
    "/v1/governance/delegations",
    {
      schema: {
        body: object({ delegatee: address, nonce: decimal, expiry: decimal, signature }),
        response,
      },
    },
    async ({ body }): Promise<RelayResponse> => {
      const { delegatee, nonce, expiry } = body;
      const delegation = { delegatee, nonce: BigInt(nonce), expiry: BigInt(expiry) };
      return {
        transaction: await relayDelegation(context, { delegation, signature: body.signature }),
      };
    },
  );
}
