import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTRACT_NAMES } from "@salus/sdk/generated/abis";
import { readEnvironment } from "./environment.ts";

let folder: string;
let good: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "salus-environment-"));
  const contracts = Object.fromEntries(
    CONTRACT_NAMES.map((name, i) => [name, `0x${String(i).padStart(40, "0")}`]),
  );
  writeFileSync(
    join(folder, "deployment.json"),
    JSON.stringify({ chainId: 31337, startBlock: 1, contracts }),
  );
  writeFileSync(join(folder, "broken.json"), "{");
  good = {
    SALUS_GATEWAY_NAME: "st-anna",
    SALUS_GATEWAY_PORT: "8080",
    SALUS_GATEWAY_URL: "https://gateway.example",
    SALUS_RPC_URLS: "http://127.0.0.1:8545, http://127.0.0.1:8546",
    SALUS_CHAIN_ID: "31337",
    SALUS_DEPLOYMENT: join(folder, "deployment.json"),
    SALUS_DATABASE_URL: "postgresql://user:secret-word@127.0.0.1/gateway",
    SALUS_STORAGE_DIR: join(folder, "storage"),
    SALUS_KEYS_FILE: join(folder, "keys.json"),
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the environment", () => {
  it("is read whole, with its defaults", () => {
    expect(readEnvironment(good)).toMatchObject({
      name: "st-anna",
      host: "127.0.0.1",
      port: 8080,
      rpcUrls: ["http://127.0.0.1:8545", "http://127.0.0.1:8546"],
      logLevel: "info",
      maxHeadAge: 60,
    });
  });

  it("names a bucket only when it is given, and then wants its keys", () => {
    expect(readEnvironment(good).s3).toBeUndefined();
    const s3 = {
      SALUS_S3_URL: "https://s3.example/salus",
      SALUS_S3_ACCESS_KEY: "a",
      SALUS_S3_SECRET_KEY: "b",
    };
    expect(readEnvironment({ ...good, ...s3 }).s3).toEqual({
      url: "https://s3.example/salus",
      region: "us-east-1",
      accessKey: "a",
      secretKey: "b",
    });
    for (const name of ["SALUS_S3_ACCESS_KEY", "SALUS_S3_SECRET_KEY"]) {
      expect(() => readEnvironment({ ...good, ...s3, [name]: undefined })).toThrow(name);
    }
    expect(() => readEnvironment({ ...good, ...s3, SALUS_S3_URL: "s3://salus" })).toThrow("SALUS_S3_URL");
  });

  it.each([
    ["SALUS_GATEWAY_NAME", undefined],
    ["SALUS_GATEWAY_NAME", "  "],
    ["SALUS_GATEWAY_PORT", "70000"],
    ["SALUS_GATEWAY_PORT", "eighty"],
    ["SALUS_GATEWAY_URL", "gateway.example"],
    ["SALUS_RPC_URLS", "ws://127.0.0.1"],
    ["SALUS_CHAIN_ID", "0"],
    ["SALUS_DEPLOYMENT", "/does/not/exist.json"],
    ["SALUS_DATABASE_URL", "mysql://127.0.0.1/secret-word"],
    ["SALUS_LOG_LEVEL", "loud"],
    ["SALUS_MAX_HEAD_AGE", "1"],
    ["SALUS_CHECKPOINT_SECONDS", "0"],
    ["SALUS_PROMISE_SECONDS", "2399"],
    ["SALUS_PROMISE_SECONDS", "86401"],
    ["SALUS_SHUTDOWN_SECONDS", "0"],
  ])("names %s when it is %s, and not its value", (name, value) => {
    const change = () => readEnvironment({ ...good, [name]: value });
    expect(change).toThrow(expect.objectContaining({ code: "GATEWAY_CONFIG_INVALID", variable: name }));
    expect(change).not.toThrow(/secret-word/);
  });

  it("lets a test crash the gateway on a chain of its own, and on no other", () => {
    const crash = { SALUS_CRASH_FILE: join(folder, "crash") };
    expect(readEnvironment(good).crashFile).toBeUndefined();
    expect(readEnvironment({ ...good, ...crash }).crashFile).toBe(join(folder, "crash"));
    const elsewhere = JSON.parse(readFileSync(good["SALUS_DEPLOYMENT"]!, "utf8")) as object;
    const file = join(folder, "elsewhere.json");
    writeFileSync(file, JSON.stringify({ ...elsewhere, chainId: 11_155_111 }));
    const there = { ...good, SALUS_CHAIN_ID: "11155111", SALUS_DEPLOYMENT: file };
    expect(readEnvironment(there).crashFile).toBeUndefined();
    expect(() => readEnvironment({ ...there, ...crash })).toThrow(
      expect.objectContaining({ code: "GATEWAY_CONFIG_INVALID", variable: "SALUS_CRASH_FILE" }),
    );
  });

  it("refuses a deployment of another chain or a broken file", () => {
    expect(() => readEnvironment({ ...good, SALUS_CHAIN_ID: "1" })).toThrow(/chain 31337/);
    const broken = { ...good, SALUS_DEPLOYMENT: join(folder, "broken.json") };
    expect(() => readEnvironment(broken)).toThrow(/not a deployment file/);
  });
});
