import { createServer } from "node:net";
import { StackError } from "./errors.ts";

/** The ports that people know; a taken one gives way to the next free one. */
export const PREFERRED_PORTS: Readonly<Record<string, number>> = {
  chain: 8545,
  postgres: 5433,
  ipfs: 5101,
  "graph-query": 8000,
  "graph-admin": 8020,
  "graph-index": 8030,
  "graph-metrics": 8040,
  "gateway-st-anna": 7101,
  "gateway-lakeside": 7102,
  "gateway-north-clinic": 7103,
  web: 4173,
};

export type Ports = Record<string, number>;

/** Whether a server could listen on this port, on every interface, now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "0.0.0.0", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * One port for each name: the one of the last run if it is free (addresses of gateways are on chain), else the
 * preferred one, else the next free one above it. Names get different ports.
 * @param preferred port by name
 * @param recorded port by name of the last run
 * @param isFree probe, replaceable in tests
 */
export async function choosePorts(
  preferred: Readonly<Ports>,
  recorded: Readonly<Ports> = {},
  isFree: (port: number) => Promise<boolean> = isPortFree,
): Promise<Ports> {
  const chosen: Ports = {};
  // A port that another name used last time stays that name's, so that a resume moves as little as possible.
  const reserved = new Set(Object.values(recorded));
  for (const [name, wanted] of Object.entries(preferred)) {
    const last = recorded[name];
    const takenHere = new Set(Object.values(chosen));
    if (last !== undefined && !takenHere.has(last) && (await isFree(last))) chosen[name] = last;
    else chosen[name] = await nextFree(wanted, (port) => takenHere.has(port) || reserved.has(port), isFree);
  }
  return chosen;
}

async function nextFree(
  from: number,
  isReserved: (port: number) => boolean,
  isFree: (port: number) => Promise<boolean>,
): Promise<number> {
  for (let port = from; port < Math.min(from + 200, 65_536); port++) {
    if (!isReserved(port) && (await isFree(port))) return port;
  }
  throw new StackError("STACK_PORT", `None of the ports ${from} to ${from + 199} is free.`);
}
