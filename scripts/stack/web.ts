import { existsSync } from "node:fs";
import { LOCAL_CHAIN_ID } from "./chain.ts";
import { deploymentPath } from "./deployment.ts";
import { StackError } from "./errors.ts";
import type { ServiceSpec, StackContext } from "./service.ts";
import type { StackUrls } from "./state.ts";
import { answers } from "./wait.ts";

/** How the built web app is run: the whole environment that it gets from us. */
export function webSpec(context: StackContext, urls: StackUrls, entry: string): ServiceSpec {
  if (!existsSync(entry)) throw new StackError("STACK_MISSING", `The built web app ${entry} is missing.`);
  return {
    name: "web",
    command: process.execPath,
    args: [entry],
    env: {
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      PORT: String(context.ports["web"]),
      ORIGIN: urls.web,
      SALUS_RPC_URL: urls.rpc,
      SALUS_SUBGRAPH_URL: urls.subgraph,
      SALUS_GATEWAYS: JSON.stringify(urls.gateways),
      SALUS_DEPLOYMENT: deploymentPath(context.stateDir),
      SALUS_CHAIN_ID: String(LOCAL_CHAIN_ID),
    },
    ready: () => answers(`http://127.0.0.1:${context.ports["web"]}/`),
  };
}
