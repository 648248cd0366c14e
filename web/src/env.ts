import { building } from "$app/env";
import { defineEnvVars } from "@sveltejs/kit/env";
import { chainId, gateways, httpUrl, optionalOrigin, optionalPath } from "./lib/server/env-schema.ts";

/** A build runs the app once to list its routes; it has no settings yet and uses none, so unset ones pass there. */
function atStart<T>(parse: (value: string | undefined) => T): (value: string | undefined) => T {
  return (value) => (building && value === undefined ? (undefined as T) : parse(value));
}

/**
 * Settings of the web server, checked once when it starts: a wrong one stops the start and is named in the message.
 * HOST and PORT belong to the server's own adapter (defaults 0.0.0.0 and 3000).
 */
export const variables = defineEnvVars({
  ORIGIN: {
    description:
      "Public address of this site, e.g. https://salus.example. Requests from other sites are refused.",
    schema: atStart(optionalOrigin("ORIGIN")),
  },
  SALUS_RPC_URL: {
    description: "JSON-RPC endpoint of the chain (http or https).",
    schema: atStart(httpUrl("SALUS_RPC_URL")),
  },
  SALUS_SUBGRAPH_URL: {
    description: "GraphQL endpoint of the subgraph (http or https).",
    schema: atStart(httpUrl("SALUS_SUBGRAPH_URL")),
  },
  SALUS_GATEWAYS: {
    description: 'JSON list of the gateways: [{"name":"north","url":"https://…"}].',
    schema: atStart(gateways("SALUS_GATEWAYS")),
  },
  SALUS_DEPLOYMENT: {
    description: "Path of the deployment file: {chainId, contracts: {name: address}}.",
    schema: atStart(optionalPath("SALUS_DEPLOYMENT")),
  },
  SALUS_CHAIN_ID: {
    description: "Chain id that the deployment file and the RPC endpoint must agree with.",
    schema: atStart(chainId("SALUS_CHAIN_ID")),
  },
});
