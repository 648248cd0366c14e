// Runs the stack with the stand-ins of this folder until it is told to stop: node run.ts STATE_DIR SUBGRAPH_BUILD PORT
import { join } from "node:path";
import { PREFERRED_PORTS } from "../ports.ts";
import { startStack } from "../stack.ts";

const [stateDir = "", subgraph = "", firstPort = "0"] = process.argv.slice(2);
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
const part = (name: string): string => join(import.meta.dirname, `${name}.ts`);
const stack = await startStack({
  root: join(import.meta.dirname, "..", "..", ".."),
  stateDir,
  ports: Object.fromEntries(
    Object.keys(PREFERRED_PORTS).map((name, index) => [name, Number(firstPort) + index]),
  ),
  parts: { deploy: part("deploy"), gateway: part("gateway"), web: part("web"), demo: part("demo"), subgraph },
  say: (line) => process.stdout.write(`${line}\n`),
  signal: stop.signal,
});
process.stdout.write("ready\n");
const ended = new Promise<void>((resolve) =>
  stop.signal.addEventListener("abort", () => void stack.stop().then(resolve), { once: true }),
);
const failure = await Promise.race([ended, stack.failed]);
process.stdout.write(failure ? `failed: ${failure.message}\n` : "stopped\n");
process.exit(failure ? 1 : 0);
