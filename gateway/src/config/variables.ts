import { isIP } from "node:net";
import { MOST_PROMISE } from "@salus/sdk/log/promise";

/** What one variable of the environment may hold. */
export type Variable<Value> = {
  readonly meaning: string;
  /** what is allowed, in words that follow "it must be" */
  readonly allowed: string;
  /** what it is when it is not set; without it the variable must be set */
  readonly fallback?: string;
  /** may be left out altogether: `needs` says when it may not */
  readonly optional?: true;
  /** another variable without which this one means nothing */
  readonly needs?: string;
  /** its value is never shown */
  readonly secret?: true;
  /** Reads a value that is set; undefined when it is not allowed. */
  parse(text: string): Value | undefined;
};

type About = { meaning: string; fallback?: string; optional?: true; needs?: string; secret?: true };

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];
const HTTP = ["http:", "https:"];
const LONGEST_TEXT = 4096;

/**
 * Every variable that a gateway reads, once: the environment is read by this table, and docs/configuration.md is made of
 * it.
 */
export const VARIABLES = {
  SALUS_GATEWAY_NAME: text({ meaning: "the gateway's name, as announced in the registry" }),
  SALUS_GATEWAY_URL: url(HTTP, {
    meaning: "the address at which others reach it, as announced in the registry",
  }),
  SALUS_GATEWAY_HOST: text({ meaning: "the address it listens on", fallback: "127.0.0.1" }),
  SALUS_GATEWAY_PORT: integer(0, 65_535, { meaning: "the port it listens on; 0 lets the system choose" }),
  SALUS_TRUSTED_PROXIES: list("address or block of addresses (CIDR)", isNetwork, {
    meaning:
      "reverse proxies whose `x-forwarded-for` tells where a request comes from: without them all that come through a proxy share one rate",
    optional: true,
  }),

  SALUS_CHAIN_ID: integer(1, Number.MAX_SAFE_INTEGER, { meaning: "the chain's id" }),
  SALUS_DEPLOYMENT: text({ meaning: "path of the deployment file: contracts, first block and chain id" }),
  SALUS_RPC_URLS: list("http or https address", (each) => isUrl(each, HTTP), {
    meaning: "one chain endpoint, or several that must agree",
    secret: true,
  }),
  SALUS_MAX_HEAD_AGE: integer(5, 3600, {
    meaning: "seconds after which the newest block counts as stale",
    fallback: "60",
  }),

  SALUS_DATABASE_URL: url(["postgres:", "postgresql:"], {
    meaning: "a PostgreSQL database of its own (15 or later), brought up to date at start",
    secret: true,
  }),
  SALUS_STORAGE_DIR: text({ meaning: "folder for ciphertexts, leaf files and sealed results" }),
  SALUS_S3_URL: url(HTTP, {
    meaning: "an S3-compatible bucket (path style) that takes the folder's place",
    optional: true,
  }),
  SALUS_S3_REGION: text({ meaning: "the bucket's region", fallback: "us-east-1" }),
  SALUS_S3_ACCESS_KEY: text({
    meaning: "name of the key pair that may write to the bucket",
    optional: true,
    needs: "SALUS_S3_URL",
  }),
  SALUS_S3_SECRET_KEY: text({ meaning: "its secret", optional: true, needs: "SALUS_S3_URL", secret: true }),

  SALUS_KEYSTORE_FILE: text({
    meaning: "the encrypted keystore with the gateway's three keys, readable by its owner alone (mode 600)",
    optional: true,
  }),
  SALUS_KEYSTORE_PASSPHRASE_FILE: text({
    meaning: "file with the keystore's passphrase in its first line, readable by its owner alone",
    optional: true,
    needs: "SALUS_KEYSTORE_FILE",
  }),
  SALUS_KEYS_FILE: text({
    meaning:
      "on chain 31337 only, in the keystore's place: JSON `{operatorKey, signerKey, sealingKey}`, mode 600",
    optional: true,
  }),

  SALUS_CHECKPOINT_SECONDS: integer(1, MOST_PROMISE / 4, {
    meaning: "seconds between two checkpoints of a log that grows",
    fallback: "600",
  }),
  SALUS_PROMISE_SECONDS: integer(4, MOST_PROMISE, {
    meaning:
      "seconds within which a promised decision is on chain; at least four times `SALUS_CHECKPOINT_SECONDS`",
    fallback: String(MOST_PROMISE),
  }),
  SALUS_REWARD_SECONDS: integer(1, 2_592_000, {
    meaning: "seconds for which one gateway of a set has its turn to post rewards",
    fallback: "86400",
  }),
  SALUS_RELAY_GAS_A_DAY: integer(0, 1e12, {
    meaning:
      "gas that the relayer spends within 24 hours on other people's words, all replicas together; revocations go on above it",
    fallback: "100000000",
  }),
  SALUS_RELAY_GAS_A_SUBJECT: integer(0, 1e12, {
    meaning: "gas of that for one subject; at most `SALUS_RELAY_GAS_A_DAY`",
    fallback: "3000000",
  }),

  SALUS_SHUTDOWN_SECONDS: integer(1, 600, {
    meaning: "seconds that requests and tasks have to end when the process is asked to stop",
    fallback: "20",
  }),
  SALUS_CRASH_FILE: text({
    meaning:
      "on chain 31337 only: file that names the durable step at which the process ends itself, for tests",
    optional: true,
  }),
  SALUS_LOG_LEVEL: oneOf(LOG_LEVELS, { meaning: "how much is logged", fallback: "info" }),
} as const satisfies Record<string, Variable<unknown>>;

export type VariableName = keyof typeof VARIABLES;

/** The value that a variable's row gives. */
export type ValueOf<Name extends VariableName> =
  (typeof VARIABLES)[Name] extends Variable<infer Value> ? Value : never;

function text(about: About): Variable<string> {
  return {
    ...about,
    allowed: `a text of at most ${LONGEST_TEXT} characters without control characters`,
    parse: (value) => (value.length <= LONGEST_TEXT && !/\p{Cc}/u.test(value) ? value : undefined),
  };
}

function integer(least: number, most: number, about: About): Variable<number> {
  return {
    ...about,
    allowed: `a whole number from ${least} to ${most}`,
    parse: (value) => {
      const number = /^\d{1,16}$/.test(value) ? Number(value) : NaN;
      return number >= least && number <= most ? number : undefined;
    },
  };
}

function oneOf(values: readonly string[], about: About): Variable<string> {
  return {
    ...about,
    allowed: `one of ${values.join(", ")}`,
    parse: (value) => (values.includes(value) ? value : undefined),
  };
}

function url(protocols: readonly string[], about: About): Variable<string> {
  return {
    ...about,
    allowed: `an address that begins with ${protocols.map((each) => `${each}//`).join(" or ")}`,
    parse: (value) => (isUrl(value, protocols) ? value : undefined),
  };
}

function list(what: string, isOne: (each: string) => boolean, about: About): Variable<string[]> {
  return {
    ...about,
    allowed: `one ${what}, or several separated by commas`,
    parse: (value) => {
      const all = value.split(",").map((each) => each.trim());
      return all.every((each) => each !== "" && isOne(each)) ? all : undefined;
    },
  };
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

function isNetwork(value: string): boolean {
  const [address = "", bits, ...more] = value.split("/");
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
