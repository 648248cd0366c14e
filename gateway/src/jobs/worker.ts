import { Logger, makeWorkerUtils, run, type Runner, type TaskList } from "graphile-worker";
import type { Logger as PinoLogger } from "pino";
import type pg from "pg";
import { bringRevocationOnChain } from "../consents/submit-revocation.ts";
import { gossipRevocation } from "../consents/gossip-revocation.ts";
import type { Context } from "../context.ts";
import { keepCheckpointing, queueCheckpoint } from "../log/checkpoint.ts";
import { bringEquivocationOnChain } from "../log/prove-equivocation.ts";
import { queueWatch, watchMandates } from "../mandates/watch-mandates.ts";
import { passOnErasure } from "../erasure/pass-on-erasure.ts";
import { executeOrder, queueAfterDelivery } from "../orders/execute.ts";
import { reportDownload } from "../orders/report-download.ts";
import { settle } from "../orders/settle.ts";
import type { Queue, TaskName, Tasks } from "./queue.ts";

/** Tasks at the same time: they mostly wait for chain and peers; the sandbox runs one job at a time. */
const CONCURRENCY = 8;
const POLL_MS = 500;
const ATTEMPTS = 25;

/** Opens the durable queue; work is done once {@link startWorker} runs. */
export async function openQueue(
  pool: pg.Pool,
  logger: PinoLogger,
): Promise<{ queue: Queue; close(): Promise<void> }> {
  const utils = await makeWorkerUtils({ pgPool: pool, logger: toWorkerLogger(logger) });
  await utils.migrate();
  const queue: Queue = {
    async add(name, payload, { key, delaySeconds = 0, attempts = ATTEMPTS } = {}) {
      await (utils.addJob as (name: string, payload: unknown, spec: object) => Promise<unknown>)(
        name,
        payload,
        {
          ...(key ? { jobKey: key, jobKeyMode: "replace" } : {}),
          runAt: new Date(Date.now() + delaySeconds * 1000),
          maxAttempts: attempts,
        },
      );
    },
  };
  return { queue, close: async () => utils.release() };
}

/**
 * Frees what a killed process of this gateway left locked, puts unfinished orders in line again, and starts to work.
 *
 * One process works on a gateway's database at a time: the lock that it takes for its life says so.
 */
export async function startWorker(context: Context, pool: pg.Pool): Promise<Runner> {
  await freeLeftLocks(context, pool);
  await resumeOrders(context);
  await queueCheckpoint(context);
  await queueWatch(context);
  return run({
    pgPool: pool,
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    logger: toWorkerLogger(context.logger),
    taskList: taskList(context),
  });
}

/** The production code of each task. */
export function taskList(context: Context): TaskList {
  const tasks: { [Name in TaskName]: (payload: Tasks[Name]) => Promise<void> } = {
    "run-order": ({ id }) => executeOrder(context, id),
    "settle-order": ({ id }) => settle(context, id),
    "report-download": ({ id }) => reportDownload(context, id),
    "watch-mandates": () => watchMandates(context),
    "submit-revocation": (task) => bringRevocationOnChain(context, task),
    "gossip-revocation": (task) => gossipRevocation(context, task),
    "pass-on-erasure": async (task) => void (await passOnErasure(context, task)),
    "checkpoint-log": () => keepCheckpointing(context),
    "prove-equivocation": (task) => bringEquivocationOnChain(context, task),
  };
  return tasks as unknown as TaskList;
}

async function freeLeftLocks(context: Context, pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ locked_by: string }>(
    "select distinct locked_by from graphile_worker.jobs where locked_by is not null",
  );
  if (rows.length === 0) return;
  const utils = await makeWorkerUtils({ pgPool: pool, logger: toWorkerLogger(context.logger) });
  await utils.forceUnlockWorkers(rows.map(({ locked_by }) => locked_by));
  await utils.release();
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
