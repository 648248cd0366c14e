import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Deployment, parseDeployment } from "@salus/sdk/chain/deployment";
import type { S3Settings } from "../storage/s3-objects.ts";
import { ConfigError } from "./config-error.ts";
import { type ValueOf, type Variable, type VariableName, VARIABLES } from "./variables.ts";

/** Where the gateway's keys are. */
export type KeySource = { keystore: string; passphraseFile: string } | { plainFile: string };

/** All that the environment says. */
export type Environment = {
  name: string;
  host: string;
  port: number;
  url: string;
  /** reverse proxies that are believed about where a request comes from */
  trustedProxies?: string[];
  rpcUrls: string[];
  deployment: Deployment;
  databaseUrl: string;
  storageDir: string;
  /** a bucket for what is stored otherwise under `storageDir` */
  s3?: S3Settings;
  keys: KeySource;
  logLevel: string;
  /** seconds after which a head counts as stale */
  maxHeadAge: number;
  /** seconds between two checkpoints of a log that grows */
  checkpointSeconds: number;
  /** seconds until a promised decision is covered by a checkpoint on chain */
  promiseSeconds: number;
  /** seconds for which one gateway of a set has its turn to post rewards */
  rewardSeconds: number;
  /** gas that the relayer spends within 24 hours, in all and for one subject */
  relayGas: { aDay: number; aSubject: number };
  /** seconds that requests and tasks have to end when the process is asked to stop */
  shutdownSeconds: number;
  /** names the durable step at which the process ends itself; for tests, on chain 31337 only */
  crashFile?: string;
};

type Source = Record<string, string | undefined>;

/** The chain of local stacks and tests. */
const LOCAL_CHAIN = 31337;

/**
 * Reads and checks the environment.
 *
 * @throws ConfigError naming the variable and what it must be
 */
export function readEnvironment(source: Source): Environment {
  assertPartners(source);
  const chainId = required(source, "SALUS_CHAIN_ID");
  const trustedProxies = given(source, "SALUS_TRUSTED_PROXIES");
  return {
    name: required(source, "SALUS_GATEWAY_NAME"),
    host: required(source, "SALUS_GATEWAY_HOST"),
    port: required(source, "SALUS_GATEWAY_PORT"),
    url: required(source, "SALUS_GATEWAY_URL"),
    ...(trustedProxies ? { trustedProxies } : {}),
    rpcUrls: required(source, "SALUS_RPC_URLS"),
    deployment: readDeployment(required(source, "SALUS_DEPLOYMENT"), chainId),
    databaseUrl: required(source, "SALUS_DATABASE_URL"),
    storageDir: resolve(required(source, "SALUS_STORAGE_DIR")),
    ...readS3(source),
    keys: readKeySource(source, chainId),
    logLevel: required(source, "SALUS_LOG_LEVEL"),
    maxHeadAge: required(source, "SALUS_MAX_HEAD_AGE"),
    ...readLogSeconds(source),
    rewardSeconds: required(source, "SALUS_REWARD_SECONDS"),
    relayGas: readRelayGas(source),
    shutdownSeconds: required(source, "SALUS_SHUTDOWN_SECONDS"),
    ...readCrashFile(source, chainId),
  };
}

/** A variable that is set, or has a fallback; undefined when it is neither. @throws ConfigError */
function given<Name extends VariableName>(source: Source, name: Name): ValueOf<Name> | undefined {
  const variable: Variable<unknown> = VARIABLES[name];
  const text = source[name]?.trim() || variable.fallback;
  if (!text) return undefined;
  const value = variable.parse(text);
  if (value === undefined) throw new ConfigError(name, `it must be ${variable.allowed}`);
  return value as ValueOf<Name>;
}

function required<Name extends VariableName>(source: Source, name: Name): ValueOf<Name> {
  const value = given(source, name);
  if (value === undefined) throw new ConfigError(name, "it is not set");
  return value;
}

/** A variable that means nothing without another is a mistake, not a wish to be ignored. */
function assertPartners(source: Source): void {
  for (const [name, { needs }] of Object.entries(VARIABLES) as [VariableName, Variable<unknown>][]) {
    if (needs && source[name]?.trim() && !source[needs]?.trim()) {
      throw new ConfigError(name, `it is set, but ${needs} is not`);
    }
  }
}

/** A promise leaves room for several checkpoints, so that one that fails breaks no word. */
function readLogSeconds(source: Source): Pick<Environment, "checkpointSeconds" | "promiseSeconds"> {
  const checkpointSeconds = required(source, "SALUS_CHECKPOINT_SECONDS");
  const promiseSeconds = required(source, "SALUS_PROMISE_SECONDS");
  if (promiseSeconds >= 4 * checkpointSeconds) return { checkpointSeconds, promiseSeconds };
  throw new ConfigError(
    "SALUS_PROMISE_SECONDS",
    `it must be at least ${4 * checkpointSeconds}, four times SALUS_CHECKPOINT_SECONDS`,
  );
}

function readRelayGas(source: Source): Environment["relayGas"] {
  const aDay = required(source, "SALUS_RELAY_GAS_A_DAY");
  const aSubject = required(source, "SALUS_RELAY_GAS_A_SUBJECT");
  if (aSubject <= aDay) return { aDay, aSubject };
  throw new ConfigError("SALUS_RELAY_GAS_A_SUBJECT", `it must be at most SALUS_RELAY_GAS_A_DAY, ${aDay}`);
}

/** With `SALUS_S3_URL` the bucket takes the place of the storage folder; then its key pair is needed too. */
function readS3(source: Source): { s3?: S3Settings } {
  const url = given(source, "SALUS_S3_URL");
  if (url === undefined) return {};
  return {
    s3: {
      url,
      region: required(source, "SALUS_S3_REGION"),
      accessKey: required(source, "SALUS_S3_ACCESS_KEY"),
      secretKey: required(source, "SALUS_S3_SECRET_KEY"),
    },
  };
}

function readCrashFile(source: Source, chainId: number): { crashFile?: string } {
  const path = given(source, "SALUS_CRASH_FILE");
  if (path === undefined) return {};
  if (chainId === LOCAL_CHAIN) return { crashFile: resolve(path) };
  throw new ConfigError(
    "SALUS_CRASH_FILE",
    `it ends the gateway on purpose, and is for chain ${LOCAL_CHAIN} only`,
  );
}

/** The encrypted keystore; on the local chain a plain file may stand in its place. */
function readKeySource(source: Source, chainId: number): KeySource {
  const keystore = given(source, "SALUS_KEYSTORE_FILE");
  const plainFile = given(source, "SALUS_KEYS_FILE");
  if (keystore !== undefined && plainFile !== undefined) {
    throw new ConfigError("SALUS_KEYS_FILE", "it is set, and SALUS_KEYSTORE_FILE is too; keep one");
  }
  if (keystore !== undefined) {
    const passphraseFile = required(source, "SALUS_KEYSTORE_PASSPHRASE_FILE");
    return { keystore: resolve(keystore), passphraseFile: resolve(passphraseFile) };
  }
  if (plainFile === undefined) throw new ConfigError("SALUS_KEYSTORE_FILE", "it is not set");
  if (chainId === LOCAL_CHAIN) return { plainFile: resolve(plainFile) };
  throw new ConfigError(
    "SALUS_KEYS_FILE",
    `keys in plain text are for chain ${LOCAL_CHAIN} only; make a keystore with gateway/src/keystore.ts and set SALUS_KEYSTORE_FILE`,
  );
}

function readDeployment(path: string, chainId: number): Deployment {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError("SALUS_DEPLOYMENT", "the file cannot be read", cause);
  }
  let deployment: Deployment;
  try {
    deployment = parseDeployment(JSON.parse(content));
  } catch (cause) {
    throw new ConfigError("SALUS_DEPLOYMENT", "the file is not a deployment file", cause);
  }
  if (deployment.chainId === chainId) return deployment;
  const why = `the deployment is of chain ${deployment.chainId}, but SALUS_CHAIN_ID is ${chainId}`;
  throw new ConfigError("SALUS_DEPLOYMENT", why);
}
