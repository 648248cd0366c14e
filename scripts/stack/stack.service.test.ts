import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isAlive, type ProcessIdentity } from "../bootstrap/process.mjs";
import { markedProcesses } from "./orphans.ts";
import { rpc } from "./rpc.ts";
import { sendSignal } from "./service.ts";
import { readState } from "./state.ts";
import { stackStatus } from "./status.ts";
import { buildTestSubgraph } from "./testing/subgraph.ts";
import { waitUntil } from "./wait.ts";

// The real PostgreSQL, anvil and graph-node under the real supervisor; gateways, web app, deployment and demo world are
// the stand-ins of testing/.
const ROOT = join(import.meta.dirname, "..", "..");
const FIRST_PORT = Number(process.env["SALUS_TEST_PORT"] ?? 20_500);

let work: string;
let build: string;
let stateDir: string;
const running: Run[] = [];

interface Run {
  process: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

function run(): Run {
  const runner = join(import.meta.dirname, "testing", "run.ts");
  const child = spawn(process.execPath, [runner, stateDir, build, String(FIRST_PORT)], { stdio: "pipe" });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const result = { process: child, output: () => output, ended };
  running.push(result);
  return result;
}

async function runUntilReady(): Promise<Run> {
  const stack = run();
  const ready = async (): Promise<boolean> => /^ready$/m.test(stack.output());
  const died = stack.ended.then((code) => Promise.reject(new Error(`ended with ${code}: ${stack.output()}`)));
  await Promise.race([waitUntil("the stack", ready, 90_000), died]);
  return stack;
}

async function stopped(stack: Run, signal: NodeJS.Signals = "SIGINT"): Promise<number | null> {
  stack.process.kill(signal);
  return stack.ended;
}

const children = (): Record<string, ProcessIdentity> => readState(stateDir)?.children ?? {};

/** Numbers of all events that graph-node has stored, lowest first. */
async function storedNumbers(): Promise<number[]> {
  const { subgraph } = await stackStatus(stateDir);
  const response = await fetch(subgraph.url as string, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ ticks(orderBy: number) { number } }" }),
  });
  const { data } = (await response.json()) as { data: { ticks: { number: string }[] } };
  return data.ticks.map(({ number }) => Number(number));
}

async function emit(number: number): Promise<void> {
  const { chain, contracts } = await stackStatus(stateDir);
  const [from] = await rpc<string[]>(chain.url as string, "eth_accounts");
  const data = `0x${number.toString(16).padStart(64, "0")}`;
  await rpc(chain.url as string, "eth_sendTransaction", [{ from, to: contracts["Thing"], data }]);
}

interface Block {
  hash: string;
  timestamp: string;
}

async function block(number: number): Promise<Block> {
  const { chain } = await stackStatus(stateDir);
  return rpc(chain.url as string, "eth_getBlockByNumber", [`0x${number.toString(16)}`, false]);
}

const blockHash = async (number: number): Promise<string> => (await block(number)).hash;

/** Times of all blocks from the first to the head, in Unix seconds. */
async function blockTimes(): Promise<number[]> {
  const head = (await stackStatus(stateDir)).chain.block as number;
  const blocks = await Promise.all(Array.from({ length: head + 1 }, (_, number) => block(number)));
  return blocks.map(({ timestamp }) => Number(timestamp));
}

const stores = (...numbers: number[]): Promise<void> =>
  waitUntil(
    `graph-node with ${numbers.join()}`,
    async () => JSON.stringify(await storedNumbers()) === JSON.stringify(numbers),
    20_000,
  );

beforeAll(() => {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  work = mkdtempSync(join(ROOT, ".cache", "stack-test-"));
  build = buildTestSubgraph(ROOT, join(work, "subgraph"));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "salus-stack-"));
});
afterEach(async () => {
  for (const { process: child, ended } of running.splice(0)) {
    child.kill("SIGTERM");
    await ended;
  }
  for (const { pid } of [...markedProcesses(stateDir), ...Object.values(children()).filter(isAlive)]) {
    sendSignal(pid, "SIGKILL");
  }
  rmSync(stateDir, { recursive: true, force: true });
});

describe("the local stack", () => {
  it("starts, refuses a second start, stops on Ctrl-C with nothing left running, and resumes with everything there", async () => {
    const first = await runUntilReady();
    const second = run();
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/running already at http:\/\/localhost:\d+ \(process \d+\)/);
    const before = await stackStatus(stateDir);
    const firstBlock = await blockHash(0);
    expect(before.ready).toBe(true);
    expect(Object.keys(before)).toEqual(["ready", "chain", "subgraph", "gateways", "web", "contracts"]);
    await stores(7);
    await emit(8);
    await stores(7, 8);
    const pids = Object.values(children());
    expect(pids).toHaveLength(7);

    expect(await stopped(first)).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(markedProcesses(stateDir)).toEqual([]);
    expect((await stackStatus(stateDir)).ready).toBe(false);

    await runUntilReady();
    const after = await stackStatus(stateDir);
    expect(after.contracts).toEqual(before.contracts);
    expect(after.gateways).toEqual(before.gateways);
    expect(after.chain.block as number).toBeGreaterThanOrEqual(before.chain.block as number);
    await stores(7, 8);
    expect(await blockHash(0)).toBe(firstBlock);
    const times = await blockTimes();
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.abs((times.at(-1) as number) - Date.now() / 1000)).toBeLessThan(10);
  });

  it("recovers after kill -9 of the supervisor, and loses no block", async () => {
    const first = await runUntilReady();
    await emit(9);
    await stores(7, 9);
    const left = Object.values(children());
    first.process.kill("SIGKILL");
    await first.ended;
    expect(left.filter(isAlive)).toHaveLength(7);
    const second = await runUntilReady();
    expect(second.output()).toMatch(/ended what the last run left behind/);
    expect(left.filter(isAlive)).toEqual([]);
    await stores(7, 9);
  });

  it("recovers after kill -9 of everything at once, from the copy before a torn one", async () => {
    const first = await runUntilReady();
    await stores(7);
    // Long enough for two saves of the chain.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    for (const { pid } of Object.values(children())) sendSignal(pid, "SIGKILL");
    first.process.kill("SIGKILL");
    await first.ended;
    writeFileSync(join(stateDir, "chain", "state.json.gz"), "torn");
    const second = await runUntilReady();
    expect(second.output()).toMatch(/is damaged/);
    await stores(7);
  });

  it("starts a dead gateway once more; when it dies again, stops everything and says why; the next start recovers", async () => {
    const stack = await runUntilReady();
    const gateway = (await stackStatus(stateDir)).gateways[1];
    const crash = (): Promise<unknown> => fetch(`${gateway?.url}/crash`).catch(() => undefined);
    await crash();
    await waitUntil(
      "the gateway",
      async () => /gateway-lakeside: answers again/.test(stack.output()),
      20_000,
    );
    expect(stack.output()).toMatch(/gateway-lakeside ended with exit code 7/);
    expect((await stackStatus(stateDir)).ready).toBe(true);
    const pids = Object.values(children());
    await crash();
    expect(await stack.ended).toBe(1);
    expect(stack.output()).toMatch(/failed: gateway-lakeside ended with exit code 7/);
    expect(stack.output()).toMatch(/\| lakeside listens/);
    expect(pids.filter(isAlive)).toEqual([]);

    const next = await runUntilReady();
    sendSignal((children()["graph-node"] as ProcessIdentity).pid, "SIGKILL");
    expect(await next.ended).toBe(1);
    expect(next.output()).toMatch(/graph-node was ended by SIGKILL/);
    await runUntilReady();
    await stores(7);
  });

  it("stops what it had started when a signal comes in the middle of the start", async () => {
    const stack = run();
    await waitUntil("PostgreSQL", async () => /PostgreSQL: ready/.test(stack.output()), 60_000);
    await stopped(stack, "SIGTERM");
    expect(Object.values(children()).filter(isAlive)).toEqual([]);
    expect(markedProcesses(stateDir)).toEqual([]);
    await runUntilReady();
  });
});
