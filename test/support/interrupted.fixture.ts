// Stands in for a test that is interrupted: starts PostgreSQL and a child that heeds no SIGTERM, says so, and waits.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { startPostgres } from "./postgres.ts";
import { startWatchdog } from "./watchdog.ts";

const postgres = await startPostgres(Number(process.argv[2]));
const client = new pg.Client({ connectionString: await postgres.create("interrupted") });
await client.connect();
const { rows } = await client.query<{ data_directory: string }>("show data_directory");
await client.end();
const dataDir = rows[0]!.data_directory;
const stubborn = spawn(
  process.execPath,
  ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"],
  {
    stdio: "ignore",
    detached: true,
  },
);
startWatchdog().watch(stubborn);
const postmaster = Number(readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n")[0]);
process.stdout.write(
  `${JSON.stringify({ pids: [postmaster, stubborn.pid], folder: join(dataDir, "..") })}\n`,
);
setInterval(() => undefined, 1000);
