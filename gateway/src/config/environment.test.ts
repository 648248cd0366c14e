import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTRACT_NAMES } from "@salus/sdk/generated/abis";
import { ConfigError } from "./config-error.ts";
import { readEnvironment } from "./environment.ts";
import { type Variable, type VariableName, VARIABLES } from "./variables.ts";

let folder: string;
let good: Record<string, string>;

/** A value that stands in every wrong one: no message may show it. */
const PLANTED = "secret-word";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "salus-environment-"));
  const contracts = Object.fromEntries(
    CONTRACT_NAMES.map((name, i) => [name, `0x${String(i).padStart(40, "0")}`]),
  );
  for (const chainId of [1, 31337]) {
    writeFileSync(join(folder, `${chainId}.json`), JSON.stringify({ chainId, startBlock: 1, contracts }));
  }
  writeFileSync(join(folder, "broken.json"), "{");
  good = {
    SALUS_GATEWAY_NAME: "st-anna",
    SALUS_GATEWAY_PORT: "8080",
    SALUS_GATEWAY_URL: "https://gateway.example",
    SALUS_RPC_URLS: "http://127.0.0.1:8545, http://127.0.0.1:8546",
    SALUS_CHAIN_ID: "1",
    SALUS_DEPLOYMENT: join(folder, "1.json"),
    SALUS_DATABASE_URL: `postgresql://user:${PLANTED}@127.0.0.1/gateway`,
    SALUS_STORAGE_DIR: join(folder, "storage"),
    SALUS_KEYSTORE_FILE: join(folder, "keystore.json"),
    SALUS_KEYSTORE_PASSPHRASE_FILE: join(folder, "passphrase"),
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const S3 = {
  SALUS_S3_URL: "https://s3.example/salus",
  SALUS_S3_ACCESS_KEY: "a",
  SALUS_S3_SECRET_KEY: PLANTED,
};
const local = () => ({ SALUS_CHAIN_ID: "31337", SALUS_DEPLOYMENT: join(folder, "31337.json") });
/** The plain file in the keystore's place. */
const plain = () => ({
  SALUS_KEYS_FILE: join(folder, "keys.json"),
  SALUS_KEYSTORE_FILE: undefined,
  SALUS_KEYSTORE_PASSPHRASE_FILE: undefined,
});

function expectRefused(name: VariableName, change: Record<string, string | undefined>, why?: RegExp): void {
  let error: unknown;
  try {
    readEnvironment({ ...good, ...change });
  } catch (cause) {
    error = cause;
  }
  expect(error, `${name} with ${Object.keys(change).join(", ")}`).toBeInstanceOf(ConfigError);
  const { variable, message, hint, code } = error as ConfigError;
  expect({ variable, code }).toEqual({ variable: name, code: "GATEWAY_CONFIG_INVALID" });
  expect(message).toContain(name);
  expect(hint).toContain("docs/configuration.md");
  expect(message).not.toContain(PLANTED);
  if (why) expect(message).toMatch(why);
}

describe("the environment", () => {
  it("is read whole, with its defaults", () => {
    expect(readEnvironment(good)).toMatchObject({
      name: "st-anna",
      host: "127.0.0.1",
      port: 8080,
      rpcUrls: ["http://127.0.0.1:8545", "http://127.0.0.1:8546"],
      keys: { keystore: join(folder, "keystore.json"), passphraseFile: join(folder, "passphrase") },
      logLevel: "info",
      maxHeadAge: 60,
      checkpointSeconds: 600,
      promiseSeconds: 86_400,
      relayGas: { aDay: 100_000_000, aSubject: 3_000_000 },
    });
    expect(readEnvironment(good)).not.toHaveProperty("s3");
    expect(readEnvironment(good)).not.toHaveProperty("trustedProxies");
  });

  it("takes what is optional", () => {
    const { s3, trustedProxies, keys, crashFile } = readEnvironment({
      ...good,
      ...S3,
      ...local(),
      ...plain(),
      SALUS_TRUSTED_PROXIES: "10.0.0.0/8, ::1",
      SALUS_CRASH_FILE: join(folder, "crash"),
    });
    expect(s3).toEqual({
      url: "https://s3.example/salus",
      region: "us-east-1",
      accessKey: "a",
      secretKey: PLANTED,
    });
    expect(trustedProxies).toEqual(["10.0.0.0/8", "::1"]);
    expect(keys).toEqual({ plainFile: join(folder, "keys.json") });
    expect(crashFile).toBe(join(folder, "crash"));
  });
});

/** For each variable: what it is not, and what lies just beyond its bounds. */
const WRONG: Record<VariableName, string[]> = {
  SALUS_GATEWAY_NAME: ["a\nb", "x".repeat(4097)],
  SALUS_GATEWAY_URL: ["gateway.example", "ftp://gateway.example", PLANTED],
  SALUS_GATEWAY_HOST: ["a\u0000b"],
  SALUS_GATEWAY_PORT: ["65536", "-1", "80.5", "eighty", "1e3", "0x50", "٨٠"],
  SALUS_TRUSTED_PROXIES: ["10.0.0.0/33", "::1/129", "proxy.example", "10.0.0.1,", "10.0.0.0/8/8"],
  SALUS_CHAIN_ID: ["0", "1.5", "9007199254740992", PLANTED],
  SALUS_DEPLOYMENT: ["/does/not/exist.json"],
  SALUS_RPC_URLS: ["ws://127.0.0.1", "http://127.0.0.1,", `http://127.0.0.1,${PLANTED}`],
  SALUS_MAX_HEAD_AGE: ["4", "3601"],
  SALUS_DATABASE_URL: [`mysql://user:${PLANTED}@127.0.0.1/gateway`, PLANTED],
  SALUS_STORAGE_DIR: ["a\u0007b"],
  SALUS_S3_URL: ["s3://salus"],
  SALUS_S3_REGION: ["eu\n1"],
  SALUS_S3_ACCESS_KEY: ["a\tb"],
  SALUS_S3_SECRET_KEY: [`${PLANTED}\u0000`],
  SALUS_KEYSTORE_FILE: ["a\u0000b"],
  SALUS_KEYSTORE_PASSPHRASE_FILE: ["a\u0000b"],
  SALUS_KEYS_FILE: ["a\u0000b"],
  SALUS_CHECKPOINT_SECONDS: ["0", "21601"],
  SALUS_PROMISE_SECONDS: ["3", "86401"],
  SALUS_REWARD_SECONDS: ["0", "2592001"],
  SALUS_RELAY_GAS_A_DAY: ["-1", "1000000000001"],
  SALUS_RELAY_GAS_A_SUBJECT: ["-1", "1000000000001"],
  SALUS_SHUTDOWN_SECONDS: ["0", "601"],
  SALUS_CRASH_FILE: ["a\u0000b"],
  SALUS_LOG_LEVEL: ["loud", "INFO"],
};

/** What must be set besides, for a variable to be looked at. */
const WITH: Partial<Record<VariableName, () => Record<string, string | undefined>>> = {
  SALUS_S3_URL: () => S3,
  SALUS_S3_REGION: () => S3,
  SALUS_S3_ACCESS_KEY: () => S3,
  SALUS_S3_SECRET_KEY: () => S3,
  SALUS_KEYS_FILE: () => ({ ...local(), ...plain() }),
};

describe.each(Object.entries(VARIABLES) as [VariableName, Variable<unknown>][])("%s", (name, variable) => {
  it("is named when it is malformed or out of bounds, and its value is not shown", () => {
    for (const wrong of WRONG[name]) expectRefused(name, { ...WITH[name]?.(), [name]: wrong });
  });

  it("is named when it is missing, or left out without harm where a default or its absence has a meaning", () => {
    for (const empty of [undefined, "", "   "]) {
      const change = { ...WITH[name]?.(), [name]: empty };
      const mustBeSet = variable.needs !== undefined || !(variable.optional || variable.fallback);
      if (mustBeSet) expectRefused(name, change, /it is not set/);
      else if (name === "SALUS_KEYS_FILE" || name === "SALUS_KEYSTORE_FILE") {
        // Without either the keystore is what is missed.
        expectRefused(
          "SALUS_KEYSTORE_FILE",
          { ...change, SALUS_KEYSTORE_PASSPHRASE_FILE: undefined },
          /not set/,
        );
      } else if (name === "SALUS_S3_URL") {
        expectRefused("SALUS_S3_ACCESS_KEY", change, /SALUS_S3_URL is not/);
      } else readEnvironment({ ...good, ...change });
    }
  });
});

describe("variables that contradict one another", () => {
  it("are named", () => {
    expectRefused("SALUS_DEPLOYMENT", { SALUS_CHAIN_ID: "31337" }, /chain 1, but SALUS_CHAIN_ID is 31337/);
    expectRefused("SALUS_DEPLOYMENT", { SALUS_DEPLOYMENT: join(folder, "broken.json") }, /not a deployment/);
    expectRefused("SALUS_KEYS_FILE", { SALUS_KEYS_FILE: "/keys.json" }, /keep one/);
    expectRefused("SALUS_KEYS_FILE", plain(), /chain 31337 only/);
    expectRefused("SALUS_CRASH_FILE", { SALUS_CRASH_FILE: "/crash" }, /chain 31337 only/);
    expectRefused(
      "SALUS_KEYSTORE_PASSPHRASE_FILE",
      { SALUS_KEYSTORE_FILE: undefined },
      /SALUS_KEYSTORE_FILE is not/,
    );
    expectRefused("SALUS_PROMISE_SECONDS", { SALUS_PROMISE_SECONDS: "2399" }, /at least 2400/);
    const relay = { SALUS_RELAY_GAS_A_DAY: "100", SALUS_RELAY_GAS_A_SUBJECT: "101" };
    expectRefused("SALUS_RELAY_GAS_A_SUBJECT", relay, /at most SALUS_RELAY_GAS_A_DAY/);
  });
});
