import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import pg from "pg";
import { run } from "../bootstrap/process.mjs";
import { StackError } from "./errors.ts";
import { readJson, writeFileAtomic } from "./files.ts";
import { programPath } from "./packages.ts";
import { sendSignal, type Service, type StackContext, startService } from "./service.ts";
import { waitUntil } from "./wait.ts";

export interface Database {
  /** Undefined when an external server is used. */
  service: Service | undefined;
  /** URL of a database, as its owning role. `graph` is owned by the administrator. */
  urlOf: (database: string) => string;
  /** Drops the database and makes it anew, empty. */
  recreate: (database: string) => Promise<void>;
}

/** Databases with roles and passwords of their own, so that one gateway cannot read another's. */
export interface DatabaseNeeds {
  administered: string[];
  owned: string[];
}

interface Secrets {
  admin: string;
  roles: Record<string, string>;
}

/**
 * Starts PostgreSQL on `<stateDir>/postgres` (or uses the external server), and makes the databases and roles
 * that are missing. As root it runs under the user `postgres`, since PostgreSQL refuses to run as root.
 */
export async function startPostgres(
  context: StackContext,
  needs: DatabaseNeeds,
  external?: string,
): Promise<Database> {
  const secrets = loadSecrets(context.stateDir, needs.owned);
  const service = external ? undefined : await startServer(context, secrets);
  const admin = new URL(
    external ?? `postgresql://postgres:${secrets.admin}@127.0.0.1:${context.ports["postgres"]}/postgres`,
  );
  try {
    await withClient(admin.href, (client) => prepareDatabases(client, needs, secrets));
  } catch (cause) {
    await service?.stop();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StackError("STACK_POSTGRES", `The databases could not be prepared: ${reason}`, { cause });
  }
  const urlOf = (database: string): string => {
    const url = new URL(admin.href);
    url.pathname = `/${database}`;
    const password = secrets.roles[database];
    if (password) Object.assign(url, { username: database, password });
    return url.href;
  };
  const recreate = (database: string): Promise<void> =>
    withClient(admin.href, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(database)} WITH (FORCE)`);
      await client.query(createStatement(client, database, secrets.roles[database] ? database : undefined));
    });
  return { service, urlOf, recreate };
}

async function startServer(context: StackContext, secrets: Secrets): Promise<Service> {
  const folder = join(context.stateDir, "postgres");
  const account =
    process.getuid?.() === 0 ? postgresAccount([folder, programPath(context.root, "postgres")]) : undefined;
  if (!existsSync(join(folder, "PG_VERSION"))) await makeCluster(context, folder, account, secrets.admin);
  await clearStalePid(folder);
  const port = String(context.ports["postgres"]);
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    shared_preload_libraries: "pg_stat_statements",
    max_connections: "200",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const words = ["-D", folder, "-p", port, ...flags];
  const { command, args } = asAccount(account, programPath(context.root, "postgres"), words);
  const url = `postgresql://postgres:${secrets.admin}@127.0.0.1:${port}/postgres`;
  return startService(context, {
    name: "postgres",
    command,
    args,
    cwd: "/",
    stopSignal: "SIGINT",
    graceMs: 10_000,
    ready: () => withClient(url, async (client) => (await client.query("SELECT 1")).rowCount === 1),
    readyTimeoutMs: 60_000,
  });
}

/** Made aside and renamed when whole, so that a start that was cut short does not leave half a cluster. */
async function makeCluster(
  context: StackContext,
  folder: string,
  account: Account | undefined,
  password: string,
): Promise<void> {
  const aside = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) for (const path of [aside, passwordFile]) chownSync(path, account.uid, account.gid);
  const flags = ["-D", aside, "-U", "postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  const words = [...flags, "-E", "UTF8", "--locale=C", "--no-instructions"];
  const { command, args } = asAccount(account, programPath(context.root, "initdb"), words);
  const { code, output } = await run(command, args, {
    cwd: "/",
    env: { PATH: process.env["PATH"] },
    quiet: true,
  });
  rmSync(passwordFile, { force: true });
  if (code !== 0) {
    const reason = output.trim().split("\n").at(-1) ?? "no output";
    throw new StackError("STACK_POSTGRES", `A new database cluster could not be made: ${reason}`);
  }
  renameSync(aside, folder);
}

/** The system account that PostgreSQL runs under when we are root. */
interface Account {
  uid: number;
  gid: number;
  /** Whether a folder on the way to its files is closed to it, as in a clone under a home of mode 0700. */
  confined: boolean;
}

function postgresAccount(paths: string[]): Account {
  const id = (flag: string): number =>
    Number(execFileSync("id", [flag, "postgres"], { stdio: "pipe" }).toString());
  try {
    id("-u");
  } catch {
    addAccount();
  }
  const [uid, gid] = [id("-u"), id("-g")];
  return { uid, gid, confined: paths.some((path) => !isReachable(dirname(path), uid, gid)) };
}

function addAccount(): void {
  try {
    execFileSync("groupadd", ["--system", "--force", "postgres"], { stdio: "pipe" });
    execFileSync("useradd", ["--system", "-g", "postgres", "--no-create-home", "postgres"], {
      stdio: "pipe",
    });
  } catch (cause) {
    const hint = "Run as an ordinary user, or add a user `postgres`.";
    throw new StackError(
      "STACK_POSTGRES",
      "PostgreSQL does not run as root, and no user `postgres` could be added.",
      {
        cause,
        hint,
      },
    );
  }
}

function isReachable(folder: string, uid: number, gid: number): boolean {
  const { mode, uid: owner, gid: group } = statSync(folder);
  const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  return dirname(folder) === folder || isReachable(dirname(folder), uid, gid);
}

/**
 * The command under that account. A confined one keeps the single capability that lets it pass closed folders; opening
 * the person's folders to everybody would be worse.
 */
function asAccount(
  account: Account | undefined,
  command: string,
  args: string[],
): { command: string; args: string[] } {
  if (!account) return { command, args };
  // access(2) ignores the capabilities of an ordinary user unless no_setuid_fixup is set; initdb looks with it. What the
  // program then holds is the ambient one alone: an exec by an ordinary user drops the rest.
  const pass = account.confined
    ? ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    : [];
  const become = [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups", ...pass];
  return { command: "setpriv", args: [...become, "--", command, ...args] };
}

/**
 * After `kill -9` the pid file stays. PostgreSQL clears it itself unless another program has that pid now, which it
 * takes for a running server. Servers that do run on this very folder (it is their working directory) are stopped
 * first: a second one beside them would destroy the data.
 */
async function clearStalePid(folder: string): Promise<void> {
  const path = join(folder, "postmaster.pid");
  if (!existsSync(path)) return;
  const pid = Number(readFileSync(path, "utf8").split("\n")[0]);
  if (processesIn(folder).includes(pid)) sendSignal(pid, "SIGINT");
  const gone = async (): Promise<boolean> => processesIn(folder).length === 0;
  await waitUntil("the end of the PostgreSQL that still runs on this folder", gone, 15_000);
  rmSync(path, { force: true });
}

function processesIn(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => workingDirectory(pid) === folder)
    .map(Number);
}

function workingDirectory(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // Ended meanwhile, or another user's: not a server that we started.
    return undefined;
  }
}

function loadSecrets(stateDir: string, roles: string[]): Secrets {
  const path = join(stateDir, "database.json");
  const known = readJson<Secrets>(path);
  const secrets: Secrets = { admin: known?.admin ?? newPassword(), roles: { ...known?.roles } };
  for (const role of roles) secrets.roles[role] ??= newPassword();
  writeFileAtomic(path, `${JSON.stringify(secrets, null, 2)}\n`, 0o600);
  return secrets;
}

function newPassword(): string {
  return randomBytes(18).toString("hex");
}

async function prepareDatabases(client: pg.Client, needs: DatabaseNeeds, secrets: Secrets): Promise<void> {
  for (const role of needs.owned) {
    const { rowCount } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]);
    const verb = rowCount === 0 ? "CREATE" : "ALTER";
    const password = client.escapeLiteral(secrets.roles[role] as string);
    await client.query(`${verb} ROLE ${client.escapeIdentifier(role)} LOGIN PASSWORD ${password}`);
  }
  for (const database of [...needs.administered, ...needs.owned]) {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [database]);
    const owner = needs.owned.includes(database) ? database : undefined;
    if (rowCount === 0) await client.query(createStatement(client, database, owner));
    await client.query(`REVOKE CONNECT ON DATABASE ${client.escapeIdentifier(database)} FROM PUBLIC`);
  }
}

/** graph-node insists on the C locale. */
function createStatement(client: pg.Client, database: string, owner: string | undefined): string {
  const owned = owner ? ` OWNER ${client.escapeIdentifier(owner)}` : "";
  return `CREATE DATABASE ${client.escapeIdentifier(database)}${owned} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // A server that is stopped under us reports here; the query in flight fails by itself.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
