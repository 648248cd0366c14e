/**
 * Loaded (--import) before anything else in the sandboxed process: takes away every way to the network that Node
 * offers, whether or not the process also has a network namespace of its own. Files, processes, threads and native
 * bindings are closed by Node's permission model, which the launcher switches on.
 */
import dgram from "node:dgram";
import dns from "node:dns";
import { registerHooks } from "node:module";
import net from "node:net";

const FORBIDDEN = new Set([
  "child_process",
  "cluster",
  "dgram",
  "dns",
  "dns/promises",
  "http",
  "http2",
  "https",
  "inspector",
  "inspector/promises",
  "net",
  "quic",
  "repl",
  "sqlite",
  "tls",
  "wasi",
]);

function refuse(): never {
  throw new Error("The sandbox has no network and starts no process.");
}

function isForbidden(specifier: string): boolean {
  return FORBIDDEN.has(specifier.replace(/^node:/, ""));
}

/** What Node's own modules (fetch among them) reach the network with, even where imports are refused. */
function closePrototypes(): void {
  const closed: [object, string[]][] = [
    [net.Socket.prototype, ["connect"]],
    [net.Server.prototype, ["listen"]],
    [dgram.Socket.prototype, ["bind", "connect", "send"]],
    [dns, ["lookup", "resolve", "resolve4", "resolve6"]],
    [dns.promises, ["lookup", "resolve", "resolve4", "resolve6"]],
    [dns.Resolver.prototype, ["resolve", "resolve4", "resolve6"]],
  ];
  for (const [target, names] of closed) {
    for (const name of names) {
      Object.defineProperty(target, name, { value: refuse, writable: false, configurable: false });
    }
  }
}

/** The names stay, because libraries look at them while they load; none of them works. */
function closeGlobals(): void {
  class Closed {
    constructor() {
      refuse();
    }
  }
  for (const name of ["fetch", "WebSocket", "EventSource", "XMLHttpRequest"]) {
    Object.defineProperty(globalThis, name, { value: Closed, writable: false, configurable: false });
  }
}

function closeModules(): void {
  registerHooks({
    resolve: (specifier, context, next) => (isForbidden(specifier) ? refuse() : next(specifier, context)),
  });
  const getBuiltinModule = process.getBuiltinModule.bind(process);
  process.getBuiltinModule = ((id: string) =>
    isForbidden(id) ? refuse() : getBuiltinModule(id)) as typeof process.getBuiltinModule;
}

closePrototypes();
closeGlobals();
closeModules();
