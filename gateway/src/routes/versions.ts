import type { FastifyInstance } from "fastify";
import type { PutVersionRequest, PutVersionResponse } from "@salus/sdk/gateway/types";
import { fromBase64 } from "@salus/sdk/gateway/base64";
import { fromWire } from "@salus/sdk/gateway/wire";
import { requireUpload } from "../auth/upload-token.ts";
import type { Context } from "../context.ts";
import { LIMIT } from "../http/limits.ts";
import { base64, decimal, errorBody, object, struct, text, uint } from "../http/schemas.ts";
import { acceptVersion } from "../versions/accept-version.ts";

const schema = {
  params: object({ asset: decimal, n: { type: "string", pattern: "^[1-9][0-9]{0,4}$" } }),
  body: object({ version: struct("Version"), sealedShares: base64(LIMIT.sealedShareBytes) }),
  response: {
    200: object({ asset: decimal, number: uint(16), status: text(20), records: uint(32) }),
    "4xx": errorBody,
  },
};

/** A version's key shares for this gateway. */
export async function versionRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.put<{ Params: { asset: string; n: string }; Body: PutVersionRequest }>(
    "/v1/datasets/:asset/versions/:n",
    {
      onRequest: async (request) => void (request.upload = await requireUpload(context, request)),
      schema,
    },
    async (request): Promise<PutVersionResponse> =>
      acceptVersion(context, {
        upload: request.upload!,
        asset: BigInt(request.params.asset),
        number: Number(request.params.n),
        version: fromWire("Version", request.body.version),
        sealedShares: fromBase64(request.body.sealedShares),
      }),
  );
}
