import { cidOf } from "../cid.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { UploadToken } from "./sign-upload-token.ts";

/** Stores a ciphertext, descriptor or leaf file at a gateway under its content id. Storing it twice does no harm. */
export function putBlob(
  gateway: GatewayAddress,
  { bytes, upload }: { bytes: Uint8Array; upload: UploadToken },
): Promise<{ cid: string }> {
  const path = `/v1/blobs/${cidOf(bytes)}`;
  return sendForJson(gateway, { method: "PUT", path, bytes, headers: { "x-salus-upload": upload } });
}
