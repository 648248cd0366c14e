import type { Address } from "viem";
import { sendForJson } from "./http.ts";
import { addressOf, freshness, type GatewayTarget, type RequestSigner, signRequest } from "./requests.ts";
import type { AccessLogRequest, AccessLogResponse } from "./types.ts";

/**
 * A gateway's decisions about the signer's own record in a dataset: when, for which order and purpose, and how it decided.
 *
 * @param subject when the signer is the controller of a subject that they took over
 * @param provenAt size of a checkpoint; entries below it come with the proof that they are in the log of that size
 */
export async function getAccessLog(
  gateway: GatewayTarget,
  {
    dataset,
    signer,
    subject = addressOf(signer),
    provenAt,
  }: { dataset: bigint; signer: RequestSigner; subject?: Address; provenAt?: number },
): Promise<AccessLogResponse> {
  const { issuedAt, nonce } = freshness();
  const message = { dataset, subject, gateway: gateway.index, issuedAt, nonce };
  const signature = await signRequest({ ...gateway, signer, primaryType: "AccessLogRequest", message });
  const asked = { dataset: dataset.toString(), subject, issuedAt, nonce, signature };
  const json: AccessLogRequest = provenAt === undefined ? asked : { ...asked, provenAt };
  return sendForJson(gateway, { method: "POST", path: "/v1/access-log", json });
}
