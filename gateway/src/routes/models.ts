import type { FastifyInstance } from "fastify";
import { inspectModel, ComputeError } from "@salus/compute/index";
import { toHex, sha256 } from "@salus/sdk/crypto/index";
import { assetRegistryAbi } from "@salus/sdk/generated/abis";
import { AssetStatus } from "@salus/sdk/generated/constants";
import { readVersion } from "@salus/sdk/assets/read-listing";
import { requireUpload } from "../auth/upload-token.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { bytes32, decimal, errorBody, object, text } from "../http/schemas.ts";
import { storeBlobs } from "../storage/quota.ts";
import { bodyBytes } from "./blobs.ts";

const schema = {
  params: object({ asset: decimal }),
  response: { 200: object({ asset: decimal, digest: bytes32, status: text(20) }), "4xx": errorBody },
};

/** Files of published models, kept by their custodian. */
export async function modelRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.put<{ Params: { asset: string } }>(
    "/v1/models/:asset",
    {
      onRequest: async (request) => void (request.upload = await requireUpload(context, request)),
      schema,
    },
    async (request) => {
      const asset = BigInt(request.params.asset);
      const upload = request.upload!;
      if (upload.asset !== asset) {
        throw new GatewayError("GATEWAY_UPLOAD_FORBIDDEN", "The upload token is for another asset.");
      }
      const bytes = bodyBytes(request.body);
      inspect(bytes);
      const digest = toHex(sha256(bytes));
      const effective = await isListed(context, asset);
      if (effective && (await readVersion(context.chain.reader, asset, 1)).contentRoot !== digest) {
        throw new GatewayError("GATEWAY_DIGEST_MISMATCH", `The file is not that of model ${asset}.`);
      }
      await storeBlobs(context, upload, [bytes]);
      const row = { asset: asset.toString(), digest, stored_at: context.now() };
      await context.db
        .insertInto("models")
        .values(row)
        .onConflict((conflict) => conflict.column("asset").doUpdateSet(row))
        .execute();
      return { asset: row.asset, digest, status: effective ? "effective" : "pending" };
    },
  );
}

/** Anything else than the permitted kind of model is refused before it is stored. */
function inspect(bytes: Uint8Array): void {
  try {
    inspectModel(bytes);
  } catch (error) {
    if (!(error instanceof ComputeError)) throw error;
    throw new GatewayError("GATEWAY_FILE_INVALID", error.message, { hint: error.hint, cause: error });
  }
}

async function isListed(context: Context, asset: bigint): Promise<boolean> {
  const { publicClient, deployment } = context.chain.reader;
  const { status } = await publicClient.readContract({
    address: deployment.contracts.AssetRegistry,
    abi: assetRegistryAbi,
    functionName: "cfgOf",
    args: [asset],
  });
  return status !== AssetStatus.None;
}
