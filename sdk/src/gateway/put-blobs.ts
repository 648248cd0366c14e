import { cidOf } from "../cid.ts";
import { concat } from "../crypto/bytes.ts";
import { SalusError } from "../errors.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { UploadToken } from "./sign-upload-token.ts";

/**
 * Stores many small blobs in one request: at most 1000, together at most 32 MiB.
 *
 * @returns their content ids in order
 * @throws SDK_CIPHERTEXT_TAMPERED when the gateway stored other bytes than these; GatewayRequestError
 */
export async function putBlobs(
  gateway: GatewayAddress,
  { blobs, upload }: { blobs: readonly Uint8Array[]; upload: UploadToken },
): Promise<string[]> {
  const framed = blobs.flatMap((blob) => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, blob.length);
    return [length, blob];
  });
  const { cids } = await sendForJson<{ cids: string[] }>(gateway, {
    method: "POST",
    path: "/v1/blob-batches",
    bytes: concat(...framed),
    headers: { "x-salus-upload": upload },
  });
  const wrong = blobs.findIndex((blob, i) => cidOf(blob) !== cids[i]);
  if (wrong < 0) return cids;
  throw new SalusError({
    code: "SDK_CIPHERTEXT_TAMPERED",
    message: `The gateway at ${gateway.url} stored other bytes than those of ${cidOf(blobs[wrong]!)}.`,
    hint: "Send the batch again; what lies between may change requests.",
    details: { servedBy: gateway.url },
  });
}
