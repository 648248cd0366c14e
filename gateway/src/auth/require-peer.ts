import type { FastifyRequest } from "fastify";
import { isAddressEqual } from "viem";
import type { RegisteredGateway } from "@salus/sdk/gateways/read-gateways";
import type { Context } from "../context.ts";
import { countSigner } from "../http/rate-limits.ts";
import { refusalOf } from "../orders/judge.ts";
import { authenticate, requireSigner, type Authenticated } from "./authenticate.ts";

/** The active gateway that signed a request. @throws GATEWAY_NOT_ENTITLED and `requireSigner`'s */
export async function requirePeer(context: Context, request: FastifyRequest): Promise<RegisteredGateway> {
  const signer = await requireSigner(context, request);
  for (const gateway of (await context.directory.all()).values()) {
    if (!gateway.active || !isAddressEqual(gateway.signer, signer)) continue;
    await countSigner(request, signer);
    return gateway;
  }
  throw refusalOf("GATEWAY_NOT_ENTITLED");
}

/** A request that only an order's executor may make, with the facts for the policy; nothing is refused here. */
export async function authenticateExecutor(
  context: Context,
  request: FastifyRequest,
  custodian: number,
): Promise<Authenticated["facts"] & { entitled: boolean }> {
  const { signer, facts } = await authenticate(context, request);
  const gateway = (await context.directory.all()).get(custodian);
  const entitled = gateway !== undefined && gateway.active && isAddressEqual(gateway.signer, signer);
  if (entitled && facts.signatureValid) await countSigner(request, signer);
  return { ...facts, entitled };
}
