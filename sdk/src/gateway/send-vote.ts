import type { SignedDelegation } from "../governance/sign-delegation.ts";
import type { SignedVote } from "../governance/sign-vote.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { RelayDelegationRequest, RelayResponse, RelayVoteRequest } from "./types.ts";

/** Hands a signed vote to a gateway, which submits it on chain at its own cost. */
export function sendVote(gateway: GatewayAddress, { ballot, signature }: SignedVote): Promise<RelayResponse> {
  const { proposalId, support, voter, nonce, reason } = ballot;
  const json: RelayVoteRequest = {
    proposal: proposalId.toString(),
    support,
    voter,
    nonce: nonce.toString(),
    reason,
    signature,
  };
  return sendForJson(gateway, { method: "POST", path: "/v1/governance/votes", json });
}

/** Hands a signed delegation to a gateway, which submits it on chain at its own cost. */
export function sendDelegation(
  gateway: GatewayAddress,
  { delegation, signature }: SignedDelegation,
): Promise<RelayResponse> {
  const { delegatee, nonce, expiry } = delegation;
  const json: RelayDelegationRequest = {
    delegatee,
    nonce: nonce.toString(),
    expiry: expiry.toString(),
    signature,
  };
  return sendForJson(gateway, { method: "POST", path: "/v1/governance/delegations", json });
}
