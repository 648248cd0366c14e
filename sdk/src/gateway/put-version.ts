import type { Version } from "../types.ts";
import { toBase64 } from "./base64.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { UploadToken } from "./sign-upload-token.ts";
import type { PutVersionRequest, PutVersionResponse } from "./types.ts";
import { toWire } from "./wire.ts";

/**
 * Gives a gateway its key shares of a version, before or after the version is on chain. Descriptor, consent file and
 * manifest are uploaded with `putBlob` before; the gateway checks them and every share.
 *
 * @param sealedShares the message of `buildVersion` for this gateway
 * @throws GatewayRequestError `GATEWAY_WRONG_SHARE` and others
 */
export function putVersion(
  gateway: GatewayAddress,
  parameters: {
    asset: bigint;
    number: number;
    version: Version;
    sealedShares: Uint8Array;
    upload: UploadToken;
  },
): Promise<PutVersionResponse> {
  const { asset, number, version, sealedShares, upload } = parameters;
  const json: PutVersionRequest = {
    version: toWire("Version", version),
    sealedShares: toBase64(sealedShares),
  };
  const path = `/v1/datasets/${asset}/versions/${number}`;
  return sendForJson(gateway, { method: "PUT", path, json, headers: { "x-salus-upload": upload } });
}
