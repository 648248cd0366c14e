import type { FastifyInstance } from "fastify";
import type { GatewayInfo } from "@salus/sdk/gateway/types";
import type { Context } from "../context.ts";
import { address, bytes32, object, text, uint } from "../http/schemas.ts";
import { ISOLATION, VERSION } from "../identity.ts";

const info = object({
  name: text(100),
  index: uint(16),
  sealingKey: bytes32,
  signer: address,
  operator: address,
  chainId: uint(48),
  gatewayRegistry: address,
  isolation: text(100),
  version: text(40),
});

/** Who this gateway is. */
export async function infoRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.get("/v1/info", { schema: { response: { 200: info } } }, async (): Promise<GatewayInfo> => {
    const { keys, deployment, environment, index } = context;
    return {
      name: environment.name,
      index,
      sealingKey: keys.sealing.publicKey,
      signer: keys.signer.address,
      operator: keys.operator.address,
      chainId: deployment.chainId,
      gatewayRegistry: deployment.contracts.GatewayRegistry,
      isolation: ISOLATION,
      version: VERSION,
    };
  });
}
