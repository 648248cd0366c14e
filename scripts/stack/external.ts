import { StackError } from "./errors.ts";

/** Parts of the stack that run elsewhere, as in the containers of docker-compose.yml. */
export interface External {
  /** Administrator's URL of a PostgreSQL server. */
  postgres?: string;
  /** A local chain (anvil) with chain id 31337 that mines by itself. */
  rpc?: string;
  /** A graph-node that reads its files from our IPFS address. */
  graph?: { query: string; admin: string };
}

const VARIABLES = {
  postgres: "SALUS_EXTERNAL_POSTGRES_URL",
  rpc: "SALUS_EXTERNAL_RPC_URL",
  graphQuery: "SALUS_EXTERNAL_GRAPH_URL",
  graphAdmin: "SALUS_EXTERNAL_GRAPH_ADMIN_URL",
} as const;

/** Reads the SALUS_EXTERNAL_* variables. */
export function readExternal(env: NodeJS.ProcessEnv = process.env): External {
  const read = (name: keyof typeof VARIABLES): string | undefined => env[VARIABLES[name]]?.replace(/\/$/, "");
  const [query, admin] = [read("graphQuery"), read("graphAdmin")];
  if ((query === undefined) !== (admin === undefined)) {
    const [set, unset] = query
      ? [VARIABLES.graphQuery, VARIABLES.graphAdmin]
      : [VARIABLES.graphAdmin, VARIABLES.graphQuery];
    throw new StackError("STACK_OPTION", `${set} is set, but ${unset} is not.`, {
      hint: "Set both or neither.",
    });
  }
  return {
    postgres: read("postgres"),
    rpc: read("rpc"),
    graph: query && admin ? { query, admin } : undefined,
  };
}

/**
 * Stops where a part has neither a program for this system nor a server elsewhere: npm carries PostgreSQL, anvil and
 * graph-node for Linux x64.
 * @throws STACK_PLATFORM
 */
export function requirePlatform(
  external: External,
  platform: string = process.platform,
  arch: string = process.arch,
): void {
  if (platform === "linux" && arch === "x64") return;
  const missing = [
    ...(external.postgres ? [] : [VARIABLES.postgres]),
    ...(external.rpc ? [] : [VARIABLES.rpc]),
    ...(external.graph ? [] : [VARIABLES.graphQuery, VARIABLES.graphAdmin]),
  ];
  if (missing.length === 0) return;
  const hint = `Run \`docker compose up -d\`, then set ${missing.join(", ")} as docker-compose.yml says.`;
  const what = "PostgreSQL, anvil and graph-node come from npm for Linux x64 only";
  throw new StackError("STACK_PLATFORM", `${what}; this is ${platform} ${arch}.`, { hint });
}
