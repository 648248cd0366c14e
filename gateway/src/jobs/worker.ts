import { Logger, makeWorkerUtils, run, type TaskList } from "graphile-worker";
import type { Logger as PinoLogger } from "pino";
import { sql } from "kysely";
import type pg from "pg";
import { bringRevocationOnChain } from "../consents/submit-revocation.ts";
import { keepHandOver } from "../consents/keep-hand-over.ts";
import { gossipRevocation } from "../consents/gossip-revocation.ts";
import type { Context } from "../context.ts";
import type { Db } from "../database/connect.ts";
import { keepCheckpointing, queueCheckpoint } from "../log/checkpoint.ts";
import { bringEquivocationOnChain } from "../log/prove-equivocation.ts";
import { queueWatch, watchMandates } from "../mandates/watch-mandates.ts";
import { fetchFrom } from "../erasure/fetch-erasures.ts";
import { passOnErasure } from "../erasure/pass-on-erasure.ts";
import { executeOrder, queueAfterDelivery } from "../orders/execute.ts";
import { reportDownload } from "../orders/report-download.ts";
import { settle } from "../orders/settle.ts";
import { buryReplicas, claimPool } from "../replicas/bury.ts";
import { repeat } from "../replicas/repeat.ts";
import type { Queue, TaskName, Tasks } from "./queue.ts";

/** Tasks at the same time: they mostly wait for chain and peers; the sandbox runs one job at a time. */
const CONCURRENCY = 8;
const POLL_MS = 500;
const ATTEMPTS = 25;

/** Milliseconds between two looks at who has ended. */
const BURY_MS = 2_000;

/** Seconds after which an order that another replica is at is looked at again. */
const TAKEN_SECONDS = 2;

type OrderTask = "run-order" | "settle-order" | "report-download";

/** What the keys of orders' tasks begin with. */
const KEYS = { "run-order": "run", "settle-order": "settle", "report-download": "report" } as const;

/** Opens the durable queue; work is done once {@link startWorker} runs. */
export async function openQueue(
  pool: pg.Pool,
  db: Db,
  logger: PinoLogger,
): Promise<{ queue: Queue; close(): Promise<void> }> {
  const utils = await makeWorkerUtils({ pgPool: pool, logger: toWorkerLogger(logger) });
  await migrateOnce(db, () => utils.migrate());
  const queue: Queue = {
    async add(name, payload, { key, delaySeconds = 0, attempts = ATTEMPTS, tx = db } = {}) {
      // By the database's own function, so that it can be part of a transaction; the database's clock counts.
      await sql`select graphile_worker.add_job(${name}::text, payload => ${JSON.stringify(payload)}::json,
        run_at => now() + make_interval(secs => ${delaySeconds}::double precision), max_attempts => ${attempts}::int,
        job_key => ${key ?? null}::text)`.execute(tx);
    },
    async remove(key) {
      await sql`select graphile_worker.remove_job(${key}::text)`.execute(db);
    },
  };
  return { queue, close: async () => utils.release() };
}

/** The workers of this process. */
export type Workers = {
  /** Takes no more tasks and waits for those that run. */
  stop(): Promise<void>;
};

/**
 * Frees what replicas that were killed left locked, puts unfinished orders in line again, and starts to work. From then on
 * it looks for such replicas again and again, so that their tasks go on here.
 */
export async function startWorker(context: Context, pool: pg.Pool): Promise<Workers> {
  const { db, replica, logger } = context;
  await buryReplicas(db);
  await resumeOrders(context);
  await queueCheckpoint(context);
  await queueWatch(context);
  let ownPool: string | undefined;
  const runner = await run({
    pgPool: pool,
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    logger: toWorkerLogger(logger),
    taskList: taskList(context),
    preset: {
      plugins: [
        poolPlugin(async (name) => {
          ownPool = name;
          await claimPool(db, name, replica.id());
        }),
      ],
    },
  });
  const look = async () => {
    // Its number is another one after a lost connection.
    if (ownPool) await claimPool(db, ownPool, replica.id());
    const ended = await buryReplicas(db);
    if (ended > 0) logger.warn({ ended }, "took over the tasks of replicas that ended");
  };
  const stopLooking = repeat(BURY_MS, look, (err) =>
    logger.warn({ err }, "could not look after the replicas"),
  );
  return {
    async stop() {
      await runner.stop();
      await stopLooking();
    },
  };
}

/** Calls back before a pool of workers takes its first task. */
function poolPlugin(onStart: (pool: string) => Promise<void>): GraphileConfig.Plugin {
  return {
    name: "SalusPools",
    version: "1",
    worker: {
      hooks: {
        startWorker: async (_, { worker }) => onStart(worker.workerPool.id),
      },
    },
  };
}

/** Two processes that start at once must not both bring the queue's schema up to date. */
async function migrateOnce(db: Db, migrate: () => Promise<unknown>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('salus:queue-migration', 0))`.execute(tx);
    await migrate();
  });
}

/** The production code of each task. */
export function taskList(context: Context): TaskList {
  const { queue, replica } = context;
  /** One replica at a time goes on with an order; one that finds it taken comes back. */
  const onOrder = async <Name extends OrderTask>(
    name: Name,
    { id }: Tasks[Name],
    work: () => Promise<void>,
  ) => {
    if (await replica.alone(`order:${id}`, work)) return;
    await queue.add(name, { id }, { key: `${KEYS[name]}:${id}`, delaySeconds: TAKEN_SECONDS });
  };
  const tasks: { [Name in TaskName]: (payload: Tasks[Name]) => Promise<void> } = {
    "run-order": (task) => onOrder("run-order", task, () => executeOrder(context, task.id)),
    "settle-order": (task) => onOrder("settle-order", task, () => settle(context, task.id)),
    "report-download": (task) => onOrder("report-download", task, () => reportDownload(context, task.id)),
    // Who is at it puts the next look in line.
    "watch-mandates": async () => void (await replica.alone("mandates", () => watchMandates(context))),
    "submit-revocation": (task) => bringRevocationOnChain(context, task),
    "gossip-revocation": (task) => gossipRevocation(context, task),
    "keep-hand-over": (task) => keepHandOver(context, task),
    "fetch-erasures": (task) => fetchFrom(context, task),
    "pass-on-erasure": async (task) => void (await passOnErasure(context, task)),
    "checkpoint-log": async () => void (await replica.alone("checkpoint", () => keepCheckpointing(context))),
    "prove-equivocation": (task) => bringEquivocationOnChain(context, task),
  };
  return tasks as unknown as TaskList;
}

async function resumeOrders(context: Context): Promise<void> {
  const open = await context.db
    .selectFrom("orders")
    .selectAll()
    .where("state", "not in", ["settled", "failed"])
    .execute();
  for (const row of open) {
    if (row.state === "delivered") await queueAfterDelivery(context, row);
    else await context.queue.add("run-order", { id: row.id }, { key: `run:${row.id}` });
  }
}

function toWorkerLogger(logger: PinoLogger): Logger {
  return new Logger(() => (level, message, meta) => {
    const write = level === "warning" ? "warn" : level === "info" ? "debug" : level;
    // Its messages quote the error whole; that is logged beside, as errors are.
    const [said] = message.split(/ with error | after failure /, 1);
    logger[write]({ error: (meta as { error?: unknown } | undefined)?.error }, said);
  });
}
