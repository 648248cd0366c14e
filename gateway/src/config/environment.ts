import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Deployment, parseDeployment } from "@salus/sdk/chain/deployment";
import { MOST_PROMISE } from "@salus/sdk/log/promise";
import type { S3Settings } from "../storage/s3-objects.ts";
import { ConfigError } from "./config-error.ts";

/** All that the environment says. */
export type Environment = {
  name: string;
  host: string;
  port: number;
  url: string;
  rpcUrls: string[];
  deployment: Deployment;
  databaseUrl: string;
  storageDir: string;
  /** a bucket for what is stored otherwise under `storageDir` */
  s3?: S3Settings;
  keysFile: string;
  logLevel: string;
  /** seconds after which a head counts as stale */
  maxHeadAge: number;
  /** seconds between two checkpoints of a log that grows */
  checkpointSeconds: number;
  /** seconds until a promised decision is covered by a checkpoint on chain */
  promiseSeconds: number;
  /** seconds for which one gateway of a set has its turn to post rewards */
  rewardSeconds: number;
  /** seconds that requests and tasks have to end when the process is asked to stop */
  shutdownSeconds: number;
  /** names the durable step at which the process ends itself; for tests, on chain 31337 only */
  crashFile?: string;
};

type Source = Record<string, string | undefined>;

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

/**
 * Reads and checks the environment.
 *
 * @throws ConfigError naming the variable and what it must be
 */
export function readEnvironment(source: Source): Environment {
  const chainId = integer(source, "SALUS_CHAIN_ID", 1, Number.MAX_SAFE_INTEGER);
  const deployment = readDeployment(text(source, "SALUS_DEPLOYMENT"));
  if (deployment.chainId !== chainId) {
    throw new ConfigError(
      "SALUS_DEPLOYMENT",
      `the deployment is of chain ${deployment.chainId}, but SALUS_CHAIN_ID is ${chainId}`,
    );
  }
  return {
    name: text(source, "SALUS_GATEWAY_NAME"),
    host: text(source, "SALUS_GATEWAY_HOST", "127.0.0.1"),
    port: integer(source, "SALUS_GATEWAY_PORT", 0, 65_535),
    url: url(source, "SALUS_GATEWAY_URL", text(source, "SALUS_GATEWAY_URL"), ["http:", "https:"]),
    rpcUrls: rpcUrls(source),
    deployment,
    databaseUrl: url(source, "SALUS_DATABASE_URL", text(source, "SALUS_DATABASE_URL"), [
      "postgres:",
      "postgresql:",
    ]),
    storageDir: resolve(text(source, "SALUS_STORAGE_DIR")),
    ...readS3(source),
    keysFile: resolve(text(source, "SALUS_KEYS_FILE")),
    logLevel: oneOf(source, "SALUS_LOG_LEVEL", LOG_LEVELS, "info"),
    maxHeadAge: integer(source, "SALUS_MAX_HEAD_AGE", 5, 3600, 60),
    ...logSeconds(source),
    rewardSeconds: integer(source, "SALUS_REWARD_SECONDS", 1, 2_592_000, 86_400),
    shutdownSeconds: integer(source, "SALUS_SHUTDOWN_SECONDS", 1, 600, 20),
    ...readCrashFile(source, chainId),
  };
}

/** The one chain on which a gateway may be told to crash. */
const TEST_CHAIN = 31_337;

function readCrashFile(source: Source, chainId: number): { crashFile?: string } {
  const path = source["SALUS_CRASH_FILE"]?.trim();
  if (!path) return {};
  if (chainId === TEST_CHAIN) return { crashFile: resolve(path) };
  throw new ConfigError(
    "SALUS_CRASH_FILE",
    `it ends the gateway on purpose, and is for chain ${TEST_CHAIN} only`,
  );
}

/** A promise leaves room for several checkpoints, so that one that fails breaks no word. */
function logSeconds(source: Source): Pick<Environment, "checkpointSeconds" | "promiseSeconds"> {
  const checkpointSeconds = integer(source, "SALUS_CHECKPOINT_SECONDS", 1, MOST_PROMISE / 4, 600);
  const least = 4 * checkpointSeconds;
  const promiseSeconds = integer(source, "SALUS_PROMISE_SECONDS", least, MOST_PROMISE, MOST_PROMISE);
  return { checkpointSeconds, promiseSeconds };
}

/** With `SALUS_S3_URL` the bucket takes the place of the storage folder; then its key pair is needed too. */
function readS3(source: Source): { s3?: S3Settings } {
  const address = source["SALUS_S3_URL"]?.trim();
  if (!address) return {};
  return {
    s3: {
      url: url(source, "SALUS_S3_URL", address, ["http:", "https:"]),
      region: text(source, "SALUS_S3_REGION", "us-east-1"),
      accessKey: text(source, "SALUS_S3_ACCESS_KEY"),
      secretKey: text(source, "SALUS_S3_SECRET_KEY"),
    },
  };
}

function text(source: Source, name: string, fallback?: string): string {
  const value = source[name]?.trim() || fallback;
  if (value) return value;
  throw new ConfigError(name, "it is not set");
}

function integer(source: Source, name: string, least: number, most: number, fallback?: number): number {
  const value = Number(text(source, name, fallback === undefined ? undefined : String(fallback)));
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ConfigError(name, `it must be a whole number from ${least} to ${most}`);
}

function oneOf(source: Source, name: string, values: string[], fallback: string): string {
  const value = text(source, name, fallback);
  if (values.includes(value)) return value;
  throw new ConfigError(name, `it must be one of ${values.join(", ")}`);
}

function url(_source: Source, name: string, value: string, protocols: string[]): string {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (parsed && protocols.includes(parsed.protocol)) return value;
  throw new ConfigError(
    name,
    `it must be an address that begins with ${protocols.map((p) => `${p}//`).join(" or ")}`,
  );
}

function rpcUrls(source: Source): string[] {
  const urls = text(source, "SALUS_RPC_URLS")
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);
  return urls.map((each) => url(source, "SALUS_RPC_URLS", each, ["http:", "https:"]));
}

function readDeployment(path: string): Deployment {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError("SALUS_DEPLOYMENT", "the file cannot be read", cause);
  }
  try {
    return parseDeployment(JSON.parse(content));
  } catch (cause) {
    throw new ConfigError("SALUS_DEPLOYMENT", "the file is not a deployment file", cause);
  }
}
