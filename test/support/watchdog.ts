import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { processIdentity, type ProcessIdentity } from "../../scripts/bootstrap/process.mjs";

/** What a test tells its watchdog, a line of JSON each. */
export type WatchdogLine =
  { process: ProcessIdentity } | { postgres: string } | { folder: string } | { done: true };

/** Ends a test's processes when the test cannot: it was interrupted, or killed. */
export type Watchdog = {
  /** a process that must not outlive the test */
  watch(child: ChildProcess): void;
  /** a PostgreSQL cluster's data folder, whose server must not outlive the test */
  watchPostgres(dataDir: string): void;
  /** a folder to be removed when everything has ended */
  watchFolder(folder: string): void;
  /** The test has ended everything itself. */
  stop(): Promise<void>;
};

/** Starts a watchdog in a session of its own, so that no signal to the test's group reaches it. */
export function startWatchdog(): Watchdog {
  const dog = spawn(process.execPath, [join(import.meta.dirname, "watchdog-process.ts")], {
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
  });
  const gone = new Promise<void>((resolve) => dog.once("exit", () => resolve()));
  dog.stdin!.on("error", () => undefined); // it has ended already
  dog.unref();
  const tell = (line: WatchdogLine) => void dog.stdin!.write(`${JSON.stringify(line)}\n`);
  return {
    watch({ pid }) {
      const identity = pid === undefined ? undefined : processIdentity(pid);
      if (identity) tell({ process: identity });
    },
    watchPostgres: (postgres) => tell({ postgres }),
    watchFolder: (folder) => tell({ folder }),
    async stop() {
      tell({ done: true });
      dog.ref(); // from here on the program waits for it; else one without other work would end here, as if all were done
      await gone;
    },
  };
}
