import { cidOf } from "../cid.ts";
import { SalusError } from "../errors.ts";
import { type GatewayAddress, send } from "./http.ts";

/**
 * Fetches a blob by its content id and checks that it is the one.
 *
 * @throws SDK_CIPHERTEXT_TAMPERED (`details.servedBy`) when the bytes are others; GatewayRequestError
 */
export async function getBlob(gateway: GatewayAddress, cid: string): Promise<Uint8Array> {
  const response = await send(gateway, { method: "GET", path: `/v1/blobs/${cid}` });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (cidOf(bytes) === cid) return bytes;
  throw new SalusError({
    code: "SDK_CIPHERTEXT_TAMPERED",
    message: `The gateway at ${gateway.url} served other bytes than those of ${cid}.`,
    details: { servedBy: gateway.url, cid },
  });
}
