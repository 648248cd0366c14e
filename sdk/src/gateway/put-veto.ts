import type { Address } from "viem";
import { sendForJson } from "./http.ts";
import { freshness, type GatewayTarget, type RequestSigner, signRequest } from "./requests.ts";
import type { SignedVeto, VetoResponse } from "./types.ts";

/** Subject of a veto that concerns a whole dataset. */
export const WHOLE_DATASET: Address = "0x0000000000000000000000000000000000000000";

/** Vetoes a dataset or one subject at this gateway, by its operator, until it is lifted. */
export async function putVeto(
  gateway: GatewayTarget,
  { dataset, subject = WHOLE_DATASET, signer }: { dataset: bigint; subject?: Address; signer: RequestSigner },
): Promise<VetoResponse> {
  const { issuedAt, nonce } = freshness();
  const message = { dataset, subject, gateway: gateway.index, issuedAt, nonce };
  const signature = await signRequest({ ...gateway, signer, primaryType: "Veto", message });
  const json: SignedVeto = { veto: { ...message, dataset: dataset.toString() }, signature };
  return sendForJson(gateway, { method: "POST", path: "/v1/vetoes", json });
}
