import type { Hex } from "viem";
import { type SignedPromise, signPromise } from "@salus/sdk/log/promise";
import type { Context } from "../context.ts";
import type { Appended } from "./append-decisions.ts";

/** Signs the promise that goes with an answer: the decisions behind it are in the log, and will be shown on chain. */
export function promiseFor(
  { deployment, environment, index, keys, now }: Context,
  order: Hex,
  { log, first }: Appended,
): Promise<SignedPromise> {
  const scope = { chainId: deployment.chainId, gatewayRegistry: deployment.contracts.GatewayRegistry };
  const issuedAt = now();
  const deadline = issuedAt + environment.promiseSeconds;
  return signPromise(
    scope,
    { gateway: index, order, first, size: log.size, root: log.root, issuedAt, deadline },
    keys.signer,
  );
}
