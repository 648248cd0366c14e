// npm start [-- --fresh] [-- --no-demo]
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { oneLine } from "../bootstrap/say.mjs";
import { StackError } from "./errors.ts";
import { startStack } from "./stack.ts";

const HELP = `npm start [-- OPTIONS]
Starts the local stack, or resumes it: PostgreSQL, a chain, the contracts, three gateways, graph-node, the web app and
a demo world. Ctrl-C stops all of it. State lives in .salus, logs in .salus/logs.
  --fresh          remove .salus and start over
  --no-demo        leave the world empty
  --state DIR      another state folder than .salus
  --help           this text
`;

interface Options {
  fresh: boolean;
  demo: boolean;
  stateDir: string;
}

function readOptions(args: string[]): Options | undefined {
  const options = {
    fresh: { type: "boolean", default: false },
    "no-demo": { type: "boolean", default: false },
    state: { type: "string" },
    help: { type: "boolean", default: false },
  } as const;
  try {
    const { values } = parseArgs({ args, options });
    if (values.help) return undefined;
    const stateDir = resolve(values.state ?? join(projectRoot(), ".salus"));
    return { fresh: values.fresh, demo: !values["no-demo"], stateDir };
  } catch (cause) {
    throw new StackError("STACK_OPTION", (cause as Error).message.split(". ")[0] + ".", { cause });
  }
}

function projectRoot(): string {
  return join(import.meta.dirname, "..", "..");
}

/** Aborts at the first signal. The terminal and the parent may both send one for a single Ctrl-C: later ones change nothing. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) return;
    process.stdout.write("stopping ...\n");
    controller.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  // The set-up program that started us is gone, so nobody could stop us any more.
  process.on("disconnect", stop);
  process.channel?.unref();
  return controller.signal;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(HELP);
    return 0;
  }
  const start = performance.now();
  const signal = stopSignal();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const stack = await startStack({ root: projectRoot(), ...options, say, signal }).catch((error) => {
    if (signal.aborted) return undefined;
    throw error;
  });
  if (!stack) return 0;
  say(`everything answers after ${((performance.now() - start) / 1000).toFixed(1)} s; Ctrl-C stops it`);
  say(stack.urls.web);
  say("ready");
  const stopped = new Promise<undefined>((resolve) => {
    const done = (): void => void stack.stop().then(() => resolve(undefined));
    if (signal.aborted) done();
    else signal.addEventListener("abort", done, { once: true });
  });
  const failure = await Promise.race([stopped, stack.failed]);
  if (failure) {
    process.stderr.write(`${oneLine(failure)}\n`);
    return 1;
  }
  say("stopped");
  return 0;
}

main()
  .catch((error) => {
    const details = error instanceof StackError ? error.details : [];
    for (const line of [...details, oneLine(error)]) process.stderr.write(`${line}\n`);
    return 1;
  })
  .then((code) => process.exit(code));
