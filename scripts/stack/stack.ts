import { readdirSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tryLock } from "../bootstrap/lock.mjs";
import { type Chain, saveChain, startChain, useChain } from "./chain.ts";
import { type Deployment, ensureDeployment } from "./deployment.ts";
import { fillDemoWorld } from "./demo.ts";
import { StackError } from "./errors.ts";
import { readExternal, requirePlatform } from "./external.ts";
import { type Gateway, GATEWAY_NAMES, databaseName, gatewaySpec, prepareGateways } from "./gateways.ts";
import { GRAPH_DATABASE, startGraphNode } from "./graph.ts";
import { type IpfsRouter, startIpfsRouter } from "./ipfs.ts";
import { tellMovedGateways } from "./moved.ts";
import { endOrphans } from "./orphans.ts";
import { choosePorts, isPortFree, type Ports, PREFERRED_PORTS } from "./ports.ts";
import { type Database, type DatabaseNeeds, startPostgres } from "./postgres.ts";
import { childError, type Service, type ServiceSpec, type StackContext, startService } from "./service.ts";
import { lockPath, StateFile, type StackUrls } from "./state.ts";
import { type StackStatus, stackStatus } from "./status.ts";
import { webSpec } from "./web.ts";

/** A gateway that dies is started once more, unless it did so within this time: then it will not heal by itself. */
const RESTART_ONCE_WITHIN_MS = 60_000;

/** The programs that other parts of the project bring. */
export interface StackParts {
  /** Module with `deploy({ rpcUrl, outFile, gateways })`. */
  deploy: string;
  /** Program of a gateway. */
  gateway: string;
  /** Folder of the built subgraph. */
  subgraph: string;
  /** Program of the built web app. */
  web: string;
  /** Module with `fillDemoWorld(world)`; see demo.ts. */
  demo: string;
}

export interface StackOptions {
  /** Project folder. */
  root: string;
  /** Folder that holds everything the stack remembers; `.salus` in the project folder by default. */
  stateDir?: string;
  /** Ports to prefer, by name; see PREFERRED_PORTS. */
  ports?: Partial<Ports>;
  /** Whether to fill the demo world; yes by default. */
  demo?: boolean;
  /** Remove the state folder first. */
  fresh?: boolean;
  parts?: Partial<StackParts>;
  /** Receives progress, a line at a time. */
  say?: (line: string) => void;
  /** Ends the start, or the running stack, as `stop()` does. */
  signal?: AbortSignal;
}

export interface Stack {
  urls: StackUrls;
  deployment: Deployment;
  stateDir: string;
  /** The state of every part, probed now. */
  status: () => Promise<StackStatus>;
  /** Stops every part, the last started first. Safe to call twice. */
  stop: () => Promise<void>;
  /** Resolves with the reason when a part died and the stack stopped because of it. */
  failed: Promise<StackError>;
  /** Stops one part and leaves it stopped: `gateway-<name>`, `graph-node`, `web`. */
  stopService: (name: string) => Promise<void>;
  /** Starts a part that was stopped. */
  startService: (name: string) => Promise<void>;
  /** Process id of a running part. */
  pidOf: (name: string) => number | undefined;
}

/**
 * Starts the whole local stack, or resumes it, and returns when everything answers.
 * One state folder runs one stack at a time.
 * @throws StackError; whatever had been started is stopped again
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const root = resolve(options.root);
  const stateDir = resolve(options.stateDir ?? join(root, ".salus"));
  const lock = tryLock(lockPath(stateDir), { stateDir });
  if (!lock.held) throw alreadyRunning(stateDir, lock.holder.pid);
  const stopping = new AbortController();
  const context = { root, stateDir, signal: stopping.signal, say: options.say ?? (() => undefined) };
  let supervisor: Supervisor | undefined;
  try {
    supervisor = await prepare(context, options, stopping);
    options.signal?.addEventListener("abort", () => void supervisor?.stop(), { once: true });
    if (options.signal?.aborted) throw new StackError("STACK_STOPPED", "The start was cancelled.");
    const stack = await supervisor.start(options);
    void supervisor.over.then(lock.release);
    return stack;
  } catch (error) {
    await supervisor?.stop("failed");
    lock.release();
    throw error;
  }
}

function alreadyRunning(stateDir: string, pid: number): StackError {
  const where = new StateFile(stateDir).data.urls?.web;
  const place = where ? ` at ${where}` : "";
  return new StackError(
    "STACK_RUNNING",
    `The stack of ${stateDir} is running already${place} (process ${pid}).`,
  );
}

async function prepare(
  base: Omit<StackContext, "state" | "ports">,
  options: StackOptions,
  stopping: AbortController,
): Promise<Supervisor> {
  const { stateDir, say } = base;
  const children = new StateFile(stateDir).data.children;
  const rescueChain = async (names: string[]): Promise<void> => {
    const { ports } = new StateFile(stateDir).data;
    // What anvil mined since its last save would be lost with it.
    if (!names.includes("chain") || options.fresh) return;
    await saveChain(`http://127.0.0.1:${ports["chain"]}`, join(stateDir, "chain")).catch((error: Error) =>
      say(`the chain left running could not be saved: ${error.message}`),
    );
  };
  const ended = await endOrphans(stateDir, children, rescueChain);
  if (ended.length > 0) say(`ended what the last run left behind: ${ended.join(", ")}`);
  if (options.fresh) clearFolder(stateDir);
  const state = new StateFile(stateDir);
  const before = state.data.ports;
  const preferred = { ...PREFERRED_PORTS, ...definedOnly(options.ports ?? {}) };
  const ports = await choosePorts(preferred, before, isPortFree);
  state.update({ phase: "starting", children: {}, ports });
  const context = { ...base, state, ports };
  await tellMovedGateways(context, before);
  return new Supervisor(context, stopping);
}

/** Removes what the stack remembers, and leaves the lock that we hold. */
function clearFolder(stateDir: string): void {
  for (const name of readdirSync(stateDir)) {
    if (name !== basename(lockPath(stateDir))) rmSync(join(stateDir, name), { recursive: true, force: true });
  }
}

function definedOnly(ports: Partial<Ports>): Ports {
  return Object.fromEntries(
    Object.entries(ports).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

/** Holds the running parts of one stack in the order of their start. */
class Supervisor {
  readonly over: Promise<void>;
  #finish: () => void = () => undefined;
  #fail: (reason: StackError) => void = () => undefined;
  readonly #failed: Promise<StackError>;
  readonly #context: StackContext;
  readonly #stopping: AbortController;
  /** In the order of their start; stopped from the end. */
  readonly #running: { name: string; stop: () => Promise<void>; pid?: number }[] = [];
  readonly #specs = new Map<string, ServiceSpec>();
  readonly #restarts = new Map<string, number>();
  #stopped: Promise<void> | undefined;

  constructor(context: StackContext, stopping: AbortController) {
    this.#context = context;
    this.#stopping = stopping;
    this.over = new Promise((resolve) => (this.#finish = resolve));
    this.#failed = new Promise((resolve) => (this.#fail = resolve));
  }

  async start(options: StackOptions): Promise<Stack> {
    const context = this.#context;
    const parts = { ...defaultParts(context.root), ...options.parts };
    const external = readExternal();
    requirePlatform(external);
    const databases = {
      administered: external.graph ? [] : [GRAPH_DATABASE],
      owned: GATEWAY_NAMES.map(databaseName),
    };
    const [database, chain] = await settleAll<[Database, Chain]>([
      this.#timed("PostgreSQL", () => this.#startDatabase(databases, external.postgres)),
      this.#timed("chain", () => this.#startChain(external.rpc)),
    ]);
    const rpcUrl = chain.url;
    const gateways = prepareGateways(context);
    const deployment = await this.#timed("contracts", async () => {
      const made = await ensureDeployment(context, rpcUrl, gateways, parts.deploy);
      await chain.keepTime();
      return made;
    });
    const ipfs = await this.#startIpfs(gateways);
    const [subgraphUrl] = await settleAll([
      this.#timed("graph-node", () =>
        this.#startGraph({
          database,
          deployment,
          rpcUrl,
          ipfs,
          build: parts.subgraph,
          external: external.graph,
        }),
      ),
      ...gateways.map((gateway) =>
        this.#timed(`gateway ${gateway.name}`, () =>
          this.#startManaged(
            gatewaySpec(context, gateway, {
              entry: parts.gateway,
              databaseUrl: database.urlOf(gateway.database),
              rpcUrls: [rpcUrl],
            }),
          ),
        ),
      ),
    ]);
    const urls: StackUrls = {
      rpc: rpcUrl,
      subgraph: subgraphUrl as string,
      gateways: gateways.map(({ name, url }) => ({ name, url })),
      // A name, not an address: passkeys need one.
      web: `http://localhost:${context.ports["web"]}`,
    };
    context.state.update({ urls });
    await this.#timed("web", () => this.#startManaged(webSpec(context, urls, parts.web)));
    if (options.demo ?? true) await fillDemoWorld(context, { urls, deployment, module: parts.demo });
    context.signal.throwIfAborted();
    context.state.update({ phase: "ready" });
    return this.#handle(urls, deployment);
  }

  /** Stops all, the last started first. */
  stop(phase: "stopped" | "failed" = "stopped"): Promise<void> {
    this.#stopped ??= this.#stopAll(phase);
    return this.#stopped;
  }

  async #stopAll(phase: "stopped" | "failed"): Promise<void> {
    this.#context.state.update({ phase: "stopping" });
    this.#stopping.abort(new StackError("STACK_STOPPED", "The stack was stopped."));
    while (this.#running.length > 0) await this.#running.pop()?.stop();
    this.#context.state.update({ phase });
    this.#finish();
  }

  #handle(urls: StackUrls, deployment: Deployment): Stack {
    return {
      urls,
      deployment,
      stateDir: this.#context.stateDir,
      status: () => stackStatus(this.#context.stateDir),
      stop: () => this.stop(),
      failed: this.#failed,
      stopService: (name) => this.#stopOne(name),
      startService: (name) => this.#startManaged(this.#specOf(name)),
      pidOf: (name) => this.#running.find((service) => service.name === name)?.pid,
    };
  }

  async #startDatabase(needs: DatabaseNeeds, external: string | undefined): Promise<Database> {
    const database = await startPostgres(this.#context, needs, external);
    if (database.service) this.#keep(database.service);
    return database;
  }

  async #startChain(external: string | undefined): Promise<Chain> {
    const chain = await (external ? useChain(this.#context, external) : startChain(this.#context));
    if (chain.service) this.#keep(chain.service);
    return chain;
  }

  async #startIpfs(gateways: Gateway[]): Promise<IpfsRouter> {
    const router = await startIpfsRouter(this.#context.ports["ipfs"] as number, () =>
      gateways.map(({ url }) => url),
    );
    this.#running.push({ name: "ipfs", stop: router.stop });
    return router;
  }

  async #startGraph(inputs: Parameters<typeof startGraphNode>[1]): Promise<string> {
    const { own, url } = await startGraphNode(this.#context, inputs);
    if (own) {
      this.#specs.set(own.spec.name, own.spec);
      this.#keep(own.service);
    }
    return url;
  }

  async #startManaged(spec: ServiceSpec): Promise<void> {
    this.#specs.set(spec.name, spec);
    this.#keep(await startService(this.#context, spec));
  }

  #keep(service: Service): void {
    this.#running.push(service);
    void service.ended.then((end) => {
      if (service.stopping() || this.#context.signal.aborted) return;
      this.#drop(service);
      void this.#onDeath(service, childError(this.#context.stateDir, service.name, end));
    });
    // Stopped between its start and now: nobody else will stop it.
    if (this.#stopped) void service.stop();
  }

  #drop(service: { name: string }): void {
    const index = this.#running.findIndex(({ name }) => name === service.name);
    if (index >= 0) this.#running.splice(index, 1);
  }

  async #onDeath(service: Service, error: StackError): Promise<void> {
    const { say, signal } = this.#context;
    for (const line of [...error.details, error.message]) say(line);
    const last = this.#restarts.get(service.name) ?? -Infinity;
    const again = service.name.startsWith("gateway-") && performance.now() - last > RESTART_ONCE_WITHIN_MS;
    if (!again) return this.#giveUp(error);
    this.#restarts.set(service.name, performance.now());
    say(`${service.name}: starting it once more in a second`);
    try {
      await sleep(1000, undefined, { signal });
      await this.#startManaged(this.#specOf(service.name));
      say(`${service.name}: answers again`);
    } catch (cause) {
      if (!signal.aborted) this.#giveUp(cause instanceof StackError ? cause : error);
    }
  }

  async #giveUp(error: StackError): Promise<void> {
    await this.stop("failed");
    this.#fail(error);
  }

  async #stopOne(name: string): Promise<void> {
    const service = this.#running.find((running) => running.name === name);
    if (!service || !this.#specs.has(name))
      throw new StackError("STACK_OPTION", `No running part "${name}" can be stopped.`);
    await service.stop();
    this.#drop(service);
  }

  #specOf(name: string): ServiceSpec {
    const spec = this.#specs.get(name);
    if (!spec) throw new StackError("STACK_OPTION", `The stack has no part "${name}" to start.`);
    return spec;
  }

  async #timed<T>(name: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.#context.say(`${name}: ready in ${((performance.now() - start) / 1000).toFixed(1)} s`);
    return result;
  }
}

function defaultParts(root: string): StackParts {
  return {
    deploy: join(root, "scripts", "deploy", "deploy.ts"),
    gateway: join(root, "gateway", "src", "main.ts"),
    subgraph: join(root, "subgraph", "build"),
    web: join(root, "web", "build", "index.js"),
    demo: join(root, "scripts", "demo", "main.ts"),
  };
}

/** Like Promise.all, but fails only once every part has come to rest, so that each can then be stopped. */
async function settleAll<T extends unknown[]>(work: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const results = await Promise.allSettled(work);
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as T;
}
