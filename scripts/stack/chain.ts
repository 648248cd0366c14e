import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { StackError } from "./errors.ts";
import { writeFileAtomic } from "./files.ts";
import { flags } from "./flags.ts";
import { programPath } from "./packages.ts";
import { rpc } from "./rpc.ts";
import { type Service, type StackContext, startService } from "./service.ts";
import { waitUntil } from "./wait.ts";

/** Chain id of every local stack. */
export const LOCAL_CHAIN_ID = 31337;

/**
 * Times between two saves of the chain, in milliseconds. A save takes longer as the chain grows: at most a tenth of the
 * time goes into saving.
 */
const SAVE_EVERY_MS = 2000;
const SAVE_SHARE = 10;

/** How far behind the clock a new chain begins: blocks of the deployment are a second apart, however fast they come. */
const DEPLOYMENT_SECONDS = 600;

export interface Chain {
  /** Undefined when the chain runs elsewhere. */
  service?: Service;
  url: string;
  /**
   * Sets the chain's clock to now and mines a block a second from here on. Until then each transaction of a new chain
   * gets a block at once, so that a deployment takes seconds.
   */
  keepTime: () => Promise<void>;
}

/**
 * Starts anvil on the saved chain, or on a new one. One on which nothing was deployed is not worth resuming.
 *
 * How a chain survives restarts here, and why not by anvil's own `--state` with `--preserve-historical-states`: that
 * writes every past state whole (372 MB after 500 blocks, every two seconds) and overwrites its file in place. Instead
 * `anvil_dumpState` without history is saved aside and renamed, gzip's checksum tells a good copy from a torn one, and
 * the copy before it is kept. Blocks, receipts, logs and the head's state return; reads of *older states* by
 * `eth_call` begin anew at each start.
 *
 * anvil makes block 0 from `--timestamp`, and a chain with another block 0 is another chain for graph-node, so the first
 * start's time is recorded and given each time. It would also set anvil's clock back to it; mining therefore begins only
 * once the clock is set to now, which also keeps block times rising across a pause.
 */
export async function startChain(context: StackContext): Promise<Chain> {
  const folder = join(context.stateDir, "chain");
  mkdirSync(folder, { recursive: true });
  const cache = join(folder, "cache");
  rmSync(cache, { recursive: true, force: true });
  const saved = isDeployed(context) ? readSavedState(folder, context.say) : undefined;
  const timestamp = genesisTime(context, saved !== undefined);
  const url = `http://127.0.0.1:${context.ports["chain"]}`;
  const service = await startService(context, {
    name: "chain",
    command: programPath(context.root, "anvil"),
    args: flags({
      host: "127.0.0.1",
      port: String(context.ports["chain"]),
      "chain-id": String(LOCAL_CHAIN_ID),
      timestamp: String(timestamp),
      "no-mining": true,
      "slots-in-an-epoch": "1",
      accounts: "20",
      quiet: true,
      "cache-path": cache,
      "load-state": saved && writeLoadable(folder, saved),
    }),
    stopSignal: "SIGINT",
    ready: async () => (await rpc<string>(url, "eth_chainId", [], 2000)) !== "",
  });
  try {
    await checkGenesis(context, url, timestamp);
    if (!saved) await rpc(url, "evm_setAutomine", [true]);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return {
    service: savedRegularly(context, service, url, folder),
    url,
    keepTime: () => keepTime(url, context.signal),
  };
}

/**
 * Uses a chain that runs elsewhere, keeps its own time and is saved by nobody here.
 * @throws STACK_CHAIN_STATE when it is another chain than last time, or no local one
 */
export async function useChain(context: StackContext, url: string): Promise<Chain> {
  const chainId = Number(await rpc<string>(url, "eth_chainId"));
  if (chainId !== LOCAL_CHAIN_ID) {
    throw new StackError(
      "STACK_CHAIN_STATE",
      `${url} is chain ${chainId}; the stack is for ${LOCAL_CHAIN_ID} only.`,
    );
  }
  const { timestamp } = await rpc<{ timestamp: string }>(url, "eth_getBlockByNumber", ["0x0", false]);
  await checkGenesis(context, url, Number(timestamp));
  const ready = (): Promise<boolean> => hasFinalized(url);
  return { url, keepTime: () => waitUntil("the chain's finalized block", ready, 15_000, context.signal) };
}

async function keepTime(url: string, signal: AbortSignal): Promise<void> {
  await rpc(url, "evm_setAutomine", [false]);
  await rpc(url, "evm_setTime", [Math.floor(Date.now() / 1000)]);
  await rpc(url, "evm_setIntervalMining", [1]);
  // Rules that read at finality need the two blocks behind the head, which a restart has forgotten.
  await waitUntil("the chain's finalized block", () => hasFinalized(url), 15_000, signal);
}

/**
 * Saves the chain's blocks, receipts and present state.
 * @param folder `<stateDir>/chain`
 * @returns bytes written (gzip)
 */
export async function saveChain(url: string, folder: string): Promise<number> {
  const dump = await rpc<string>(url, "anvil_dumpState", [false], 30_000);
  const bytes = Buffer.from(dump.slice(2), "hex");
  const current = join(folder, "state.json.gz");
  writeFileAtomic(`${current}.next`, bytes);
  if (existsSync(current)) renameSync(current, join(folder, "state.previous.json.gz"));
  renameSync(`${current}.next`, current);
  return bytes.length;
}

/**
 * The newest readable copy of the saved chain as JSON text; undefined when none was ever saved.
 * @throws STACK_CHAIN_STATE when there are copies and none can be read
 */
export function readSavedState(folder: string, say: (line: string) => void): Buffer | undefined {
  // A crash between two renames leaves the newest copy under its passing name.
  const copies = ["state.json.gz.next", "state.json.gz", "state.previous.json.gz"]
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path));
  for (const path of copies) {
    try {
      const json = gunzipSync(readFileSync(path));
      JSON.parse(json.toString("utf8"));
      return json;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      say(`chain: ${path} is damaged (${reason}); trying the copy before it`);
    }
  }
  if (copies.length === 0) return undefined;
  throw new StackError("STACK_CHAIN_STATE", `No copy of the chain under ${folder} can be read.`);
}

function isDeployed(context: StackContext): boolean {
  return existsSync(join(context.stateDir, "deployment.json"));
}

function genesisTime(context: StackContext, resumed: boolean): number {
  const recorded = context.state.data.genesis;
  if (resumed && recorded) return recorded.timestamp;
  if (resumed)
    throw new StackError("STACK_CHAIN_STATE", "state.json does not know the saved chain's first block.");
  if (isDeployed(context)) {
    throw new StackError("STACK_CHAIN_STATE", "The saved chain is gone, but contracts were deployed on it.");
  }
  return Math.floor(Date.now() / 1000) - DEPLOYMENT_SECONDS;
}

async function checkGenesis(context: StackContext, url: string, timestamp: number): Promise<void> {
  const { hash } = await rpc<{ hash: string }>(url, "eth_getBlockByNumber", ["0x0", false]);
  const recorded = context.state.data.genesis;
  if (recorded && recorded.hash !== hash && isDeployed(context)) {
    throw new StackError("STACK_CHAIN_STATE", `The chain's first block is ${hash}, it was ${recorded.hash}.`);
  }
  context.state.update({ genesis: { timestamp, hash } });
}

async function hasFinalized(url: string): Promise<boolean> {
  await rpc(url, "eth_getBalance", [`0x${"00".repeat(20)}`, "finalized"], 2000);
  const block = await rpc<{ number: string }>(url, "eth_getBlockByNumber", ["finalized", false], 2000);
  return Number(block.number) > 0;
}

/** anvil reads plain JSON. */
function writeLoadable(folder: string, json: Buffer): string {
  const path = join(folder, "load.json");
  writeFileSync(path, json);
  return path;
}

function savedRegularly(context: StackContext, service: Service, url: string, folder: string): Service {
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();
  let failures = 0;
  const save = async (): Promise<void> => {
    const start = performance.now();
    try {
      await saveChain(url, folder);
      failures = 0;
    } catch (error) {
      if (service.stopping()) return;
      // One missed save only widens what a crash could lose; many in a row mean that nothing is kept.
      if (++failures === 5) context.say(`chain: could not be saved five times in a row: ${String(error)}`);
    }
    const pause = Math.max(SAVE_EVERY_MS, (performance.now() - start) * SAVE_SHARE);
    timer = setTimeout(run, pause);
  };
  const run = (): void => {
    saving = save();
  };
  run();
  void service.ended.then(() => clearTimeout(timer));
  const stop = async (): Promise<void> => {
    clearTimeout(timer);
    await saving;
    clearTimeout(timer);
    await saveChain(url, folder).catch((error: Error) =>
      context.say(`chain: the last save failed: ${error.message}`),
    );
    await service.stop();
    rmSync(join(folder, "cache"), { recursive: true, force: true });
  };
  return { ...service, stop };
}
