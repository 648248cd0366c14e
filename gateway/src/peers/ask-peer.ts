import type { GatewayTarget } from "@salus/sdk/gateway/requests";
import { send } from "@salus/sdk/gateway/http";
import type { Context } from "../context.ts";

/** Milliseconds that another gateway has for its answer. */
const PATIENCE = 10_000;

/**
 * Asks another gateway, signed by this one's signer.
 *
 * @throws GatewayRequestError with the peer's own code, or `GATEWAY_UNREACHABLE`
 */
export async function askPeer<T>(
  context: Context,
  gateway: number,
  request: { method: "GET" | "POST"; path: string; json?: unknown; patience?: number },
): Promise<T> {
  const { method, path, json, patience = PATIENCE } = request;
  const target = await peerTarget(context, gateway);
  const response = await send(target, {
    method,
    path,
    ...(json === undefined ? {} : { json }),
    signer: context.keys.signer,
    signal: AbortSignal.timeout(patience),
  });
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/**
 * Where another gateway is and how requests to it are signed. While the chain is in doubt it is where it was last: a
 * person's word must reach the others then too, and what is asked is signed for that gateway alone.
 */
export async function peerTarget(context: Context, gateway: number): Promise<GatewayTarget> {
  const { url } =
    (await context.directory.lastKnown()).get(gateway) ?? (await context.directory.get(gateway));
  const { chainId, contracts } = context.deployment;
  return { url, index: gateway, chainId, gatewayRegistry: contracts.GatewayRegistry };
}

/** The other active members of a gateway set, ascending. */
export async function peersOf(context: Context, members: readonly number[]): Promise<number[]> {
  const all = await context.directory.all();
  return members.filter((index) => index !== context.index && all.get(index)?.active);
}
