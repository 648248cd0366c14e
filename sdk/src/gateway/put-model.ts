import { type GatewayAddress, sendForJson } from "./http.ts";
import type { UploadToken } from "./sign-upload-token.ts";

/** Stores a model's file at its custodian. The gateway checks that it is an ONNX model of the permitted kind. */
export function putModel(
  gateway: GatewayAddress,
  { asset, bytes, upload }: { asset: bigint; bytes: Uint8Array; upload: UploadToken },
): Promise<{ asset: string; digest: string; status: "pending" | "effective" }> {
  const headers = { "x-salus-upload": upload };
  return sendForJson(gateway, { method: "PUT", path: `/v1/models/${asset}`, bytes, headers });
}
