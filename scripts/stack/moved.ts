import type { Ports } from "./ports.ts";
import type { StackContext } from "./service.ts";
import { readDeployment } from "./deployment.ts";
import { GATEWAY_NAMES } from "./gateways.ts";

export interface MovedGateway {
  name: string;
  from: number;
  to: number;
}

/** The gateways whose recorded port was taken, so that they now listen elsewhere. */
export function movedGateways(before: Ports, now: Ports): MovedGateway[] {
  return GATEWAY_NAMES.flatMap((name) => {
    const [from, to] = [before[`gateway-${name}`], now[`gateway-${name}`]];
    return from !== undefined && to !== undefined && from !== to ? [{ name, from, to }] : [];
  });
}

/** The registry on chain still has the old URL of a gateway that moved: say so, once contracts are deployed. */
export async function tellMovedGateways(context: StackContext, before: Ports): Promise<void> {
  if (Object.keys(readDeployment(context.stateDir).contracts).length === 0) return;
  for (const { name, from, to } of movedGateways(before, context.ports)) {
    context.say(
      `gateway ${name}: port ${from} is taken, it listens on ${to} now; the registry on chain still names ${from}. ` +
        `Free port ${from} and start again, or start over with --fresh.`,
    );
  }
}
