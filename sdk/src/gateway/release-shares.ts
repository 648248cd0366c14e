import type { Address, Hex } from "viem";
import { decodeShareBatch, openSealed, type RecipientKey, type RecordShare } from "../crypto/index.ts";
import type { Order } from "../types.ts";
import { fromBase64 } from "./base64.ts";
import { sendForJson } from "./http.ts";
import type { GatewayTarget, RequestSigner } from "./requests.ts";
import type { RefusedRecord, ReleaseRequest, ReleaseResponse } from "./types.ts";
import { toWire } from "./wire.ts";

/** One gateway's key shares of a download, opened. */
export type ReleasedShares = { gateway: number; shares: RecordShare[]; refused: RefusedRecord[] };

/**
 * Asks a gateway for its key shares of a delivered download. It hands out those whose subjects permit it now and says
 * why it refuses the others (`GATEWAY_CONSENT_REVOKED` and others). The first answer fixes the set; asking again cannot
 * widen it.
 *
 * @param signer the order's buyer
 * @param recipientKey the pair whose public key is the order's `recipientKey`
 */
export async function releaseShares(
  gateway: GatewayTarget,
  parameters: { id: Hex; order: Order; signer: RequestSigner; recipientKey: RecipientKey; escrow: Address },
): Promise<ReleasedShares> {
  const { id, order, signer, recipientKey, escrow } = parameters;
  const json: ReleaseRequest = { order: toWire("Order", order) };
  const path = `/v1/orders/${id}/release`;
  const answer = await sendForJson<ReleaseResponse>(gateway, { method: "POST", path, json, signer });
  const context = { chainId: gateway.chainId, escrow, orderId: id, purpose: "key-release" } as const;
  const batch = await openSealed({ recipientKey, context, sealed: fromBase64(answer.sealed) });
  return { gateway: answer.gateway, shares: decodeShareBatch(batch), refused: answer.refused };
}
