import { join } from "node:path";
import type { ProcessIdentity } from "../bootstrap/process.mjs";
import { StackError } from "./errors.ts";
import { readJson, writeFileAtomic } from "./files.ts";
import type { Ports } from "./ports.ts";

export type Phase = "starting" | "ready" | "stopping" | "stopped" | "failed";

/** What the stack remembers between starts, and what `status` reads. Lives in `<stateDir>/state.json`. */
export interface StackState {
  version: 1;
  phase: Phase;
  ports: Ports;
  /** Processes that were started and not yet seen to end. */
  children: Record<string, ProcessIdentity>;
  /** The chain's first block: its time (Unix seconds) must be given again at every start. */
  genesis?: { timestamp: number; hash: string };
  /** What graph-node's database was filled from: genesis and subgraph build. */
  graphKey?: string;
  /** Hash of the deployment that the demo world was filled into. */
  demoFilledFor?: string;
  urls?: StackUrls;
}

export interface StackUrls {
  rpc: string;
  subgraph: string;
  gateways: { name: string; url: string }[];
  web: string;
}

/** The state file of one stack: `data` is changed through `update`, which writes it whole at once. */
export class StateFile {
  readonly path: string;
  #data: StackState;

  constructor(stateDir: string) {
    this.path = statePath(stateDir);
    this.#data = readState(stateDir) ?? { version: 1, phase: "stopped", ports: {}, children: {} };
  }

  get data(): Readonly<StackState> {
    return this.#data;
  }

  update(change: Partial<StackState>): void {
    this.#data = { ...this.#data, ...change };
    writeFileAtomic(this.path, `${JSON.stringify(this.#data, null, 2)}\n`);
  }

  addChild(name: string, identity: ProcessIdentity): void {
    this.update({ children: { ...this.#data.children, [name]: identity } });
  }

  removeChild(name: string): void {
    const { [name]: _gone, ...children } = this.#data.children;
    this.update({ children });
  }
}

/** The recorded state, or undefined when this stack never started. Throws STACK_STATE on a file that does not parse. */
export function readState(stateDir: string): StackState | undefined {
  const path = statePath(stateDir);
  let state: StackState | undefined;
  try {
    state = readJson<StackState>(path);
  } catch (cause) {
    throw new StackError("STACK_STATE", `${path} is not valid JSON.`, { cause });
  }
  if (state && state.version !== 1) {
    throw new StackError("STACK_STATE", `${path} was written by another version (${state.version}).`);
  }
  return state;
}

/** The file that the running supervisor holds; see bootstrap/lock.mjs. */
export function lockPath(stateDir: string): string {
  return join(stateDir, "lock");
}

function statePath(stateDir: string): string {
  return join(stateDir, "state.json");
}
