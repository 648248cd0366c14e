import type { Address, Hex } from "viem";
import type { Contest, HandOver } from "../types.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { ContestRequest, HandOverRequest, HandOverResponse, RelayResponse } from "./types.ts";
import { toWire } from "./wire.ts";

/**
 * Hands a hand-over that the code's key signed to the dataset's custodian, which signs it too and submits it on chain at
 * its own cost.
 */
export function sendHandOver(
  custodian: GatewayAddress,
  { message, codeKey, codeSignature }: { message: HandOver; codeKey: Address; codeSignature: Hex },
): Promise<HandOverResponse> {
  const json: HandOverRequest = { handOver: toWire("HandOver", message), codeKey, codeSignature };
  return sendForJson(custodian, { method: "POST", path: "/v1/consents/hand-overs", json });
}

/** Hands a signed objection to a hand-over to a gateway, which submits it on chain at its own cost. */
export function sendContest(
  gateway: GatewayAddress,
  { message, codeKey, signature }: { message: Contest; codeKey: Address; signature: Hex },
): Promise<RelayResponse> {
  const json: ContestRequest = { contest: toWire("Contest", message), codeKey, signature };
  return sendForJson(gateway, { method: "POST", path: "/v1/consents/contests", json });
}
