import pino from "pino";
import { type Address, type Hex, keccak256, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { CONTRACT_NAMES } from "@salus/sdk/generated/abis";
import type { SalusReader } from "@salus/sdk/chain/client";
import type { Deployment } from "@salus/sdk/chain/deployment";
import { viewThrough } from "../../gateway/src/chain/view.ts";
import type { Context } from "../../gateway/src/context.ts";
import type { Db } from "../../gateway/src/database/connect.ts";
import { createLifecycle } from "../../gateway/src/http/lifecycle.ts";
import { createMetrics } from "../../gateway/src/http/metrics.ts";
import type { Replica } from "../../gateway/src/replicas/replica.ts";

const address = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;

/** A deployment whose contracts stand at made-up addresses. */
export const TEST_DEPLOYMENT = {
  chainId: 31337,
  startBlock: 0,
  contracts: Object.fromEntries(CONTRACT_NAMES.map((name, i) => [name, address(0xc0 + i)])),
} as unknown as Deployment;

/** A replica without others. */
const ALONE: Replica = {
  id: () => 1,
  alone: async (_name, work) => {
    await work();
    return true;
  },
  inLine: (_name, work) => work(),
  close: async () => undefined,
};

/** Deterministic key of a test, never used anywhere else. */
export function testKey(n: number): Hex {
  return `0x${(0x5a1a5_0000n + BigInt(n)).toString(16).padStart(64, "0")}`;
}

/**
 * A gateway's context in the test's own process: real database and keys; what the test does not give is absent, and using
 * it fails.
 */
export function testContext(index: number, db: Db, given: Partial<Context> = {}): Context {
  const context: Partial<Context> = {
    index,
    db,
    deployment: TEST_DEPLOYMENT,
    environment: {
      name: `gateway-${index}`,
      maxHeadAge: 60,
      checkpointSeconds: 10,
      promiseSeconds: 120,
      rewardSeconds: 3600,
    } as Context["environment"],
    keys: {
      operator: privateKeyToAccount(testKey(10 + index)),
      signer: privateKeyToAccount(testKey(20 + index)),
      derive: (purpose, context) => keccak256(toHex(`${purpose} ${context}`)),
    } as Context["keys"],
    metrics: createMetrics(),
    logger: pino({ level: "silent" }),
    stopping: new AbortController().signal,
    lifecycle: createLifecycle(),
    replica: ALONE,
    now: () => Math.floor(Date.now() / 1000),
    chain: viewThrough([{ deployment: TEST_DEPLOYMENT } as SalusReader]),
    ...given,
  };
  return context as Context;
}
