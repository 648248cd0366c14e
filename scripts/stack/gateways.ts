import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { LOCAL_CHAIN_ID } from "./chain.ts";
import { deploymentPath } from "./deployment.ts";
import { StackError } from "./errors.ts";
import { ensureGatewayKeys, type GatewayKeys } from "./keys.ts";
import type { ServiceSpec, StackContext } from "./service.ts";
import { answers } from "./wait.ts";

/** Seconds of a gateway's turn to post rewards: short, so that what was earned shows while one watches. */
const REWARD_SECONDS = 12;

/** The hospitals of the local stack, each with a gateway. */
export const GATEWAY_NAMES = ["st-anna", "lakeside", "north-clinic"] as const;

export interface Gateway {
  name: string;
  /** Base URL, as written on chain. */
  url: string;
  port: number;
  /** Its folder under the state folder: keystore and storage. */
  folder: string;
  keys: GatewayKeys;
  /** Database and database role of this gateway alone. */
  database: string;
}

/** The three gateways with their keystores, made at the first start: the deployment admits their public keys. */
export function prepareGateways(context: Pick<StackContext, "stateDir" | "ports">): Gateway[] {
  return GATEWAY_NAMES.map((name) => {
    const folder = join(context.stateDir, "gateways", name);
    mkdirSync(join(folder, "storage"), { recursive: true });
    const port = context.ports[`gateway-${name}`] as number;
    return {
      name,
      port,
      folder,
      url: `http://127.0.0.1:${port}`,
      keys: ensureGatewayKeys(keysFile(folder)),
      database: databaseName(name),
    };
  });
}

export function databaseName(gateway: string): string {
  return `gateway_${gateway.replaceAll("-", "_")}`;
}

/** How one gateway is run: the whole environment that it gets from us. */
export function gatewaySpec(
  context: StackContext,
  gateway: Gateway,
  settings: { entry: string; databaseUrl: string; rpcUrls: string[]; logLevel?: string },
): ServiceSpec {
  const { entry } = settings;
  if (!existsSync(entry)) throw new StackError("STACK_MISSING", `The gateway's program ${entry} is missing.`);
  return {
    name: `gateway-${gateway.name}`,
    command: process.execPath,
    args: [entry],
    env: {
      NODE_ENV: "production",
      SALUS_GATEWAY_NAME: gateway.name,
      SALUS_GATEWAY_HOST: "127.0.0.1",
      SALUS_GATEWAY_PORT: String(gateway.port),
      SALUS_GATEWAY_URL: gateway.url,
      SALUS_RPC_URLS: settings.rpcUrls.join(","),
      SALUS_CHAIN_ID: String(LOCAL_CHAIN_ID),
      SALUS_DEPLOYMENT: deploymentPath(context.stateDir),
      SALUS_DATABASE_URL: settings.databaseUrl,
      SALUS_STORAGE_DIR: join(gateway.folder, "storage"),
      SALUS_KEYS_FILE: keysFile(gateway.folder),
      // Often, so that a person at the practice stack sees proofs soon; a checkpoint is posted only when the log grew.
      SALUS_CHECKPOINT_SECONDS: "5",
      SALUS_PROMISE_SECONDS: "60",
      SALUS_LOG_LEVEL: settings.logLevel ?? "info",
      SALUS_REWARD_SECONDS: String(REWARD_SECONDS),
      // Less than the grace that the supervisor gives before it kills.
      SALUS_SHUTDOWN_SECONDS: "3",
    },
    ready: () => answers(`${gateway.url}/ready`),
    readyTimeoutMs: 60_000,
    graceMs: 10_000,
  };
}

function keysFile(folder: string): string {
  return join(folder, "keys.json");
}
