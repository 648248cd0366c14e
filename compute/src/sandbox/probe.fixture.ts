/** Tries, inside the sandbox, what the sandbox must prevent; says what happened as JSON. Tests only. */
import { fstatSync, readFileSync, readSync, writeFileSync, writeSync } from "node:fs";

type Attempt = () => unknown;

const input = JSON.parse(readInput()) as { attempt: string; port: number; path: string };

function readInput(): string {
  const buffer = Buffer.alloc(65536);
  return buffer.subarray(0, readSync(0, buffer)).toString();
}

/** A connection by a socket that no import hook ever saw: through the class of stdin. */
function connectThroughStdin(): Promise<string> {
  const Socket = Object.getPrototypeOf(process.stdin).constructor;
  return new Promise((resolve, reject) => {
    const socket = new Socket();
    socket.on("error", reject);
    socket.connect({ port: input.port, host: "127.0.0.1" }, () => resolve("connected"));
  });
}

function openDescriptors(): string[] {
  const found: string[] = [];
  for (let fd = 3; fd < 256; fd++) {
    try {
      const stat = fstatSync(fd);
      if (stat.isFile() || stat.isSocket() || stat.isDirectory()) found.push(`${fd}:${stat.ino}`);
    } catch {
      // not open
    }
  }
  return found;
}

const attempts: Record<string, Attempt> = {
  "import net": () => import("node:net"),
  "import http": () => import("http"),
  "require dgram": async () => (await import("node:module")).createRequire(import.meta.url)("dgram"),
  "builtin tls": () => process.getBuiltinModule("tls"),
  binding: () => (process as unknown as { binding(name: string): unknown }).binding("tcp_wrap"),
  "stdin socket": connectThroughStdin,
  fetch: () => fetch(`http://127.0.0.1:${input.port}/`),
  websocket: () => new WebSocket(`ws://127.0.0.1:${input.port}/`),
  interfaces: async () => Object.keys((await import("node:os")).networkInterfaces()),
  read: () => readFileSync(input.path, "utf8"),
  write: () => writeFileSync(input.path, "x"),
  "spawn by builtin": () => process.getBuiltinModule("child_process"),
  worker: async () => new (await import("node:worker_threads")).Worker("1", { eval: true }),
  environment: () => Object.entries(process.env),
  descriptors: openDescriptors,
  hang: () => {
    for (;;);
  },
  flood: () => {
    for (;;) writeSync(1, Buffer.alloc(65536));
  },
  hoard: () => {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, i) => i + kept.length));
  },
};

try {
  const value = await attempts[input.attempt]!();
  writeSync(1, JSON.stringify({ done: true, value: value ?? null }));
} catch (error) {
  writeSync(1, JSON.stringify({ done: false, message: String((error as Error).message) }));
}
process.exit(0);
