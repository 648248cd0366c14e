import { Gauge } from "prom-client";
import type { Context } from "../context.ts";
import { readQueueState } from "../jobs/queue-state.ts";

/** Gauges that are looked up when somebody asks for the metrics. What cannot be read is NaN: no number is better than an old one. */
type Reading = { values: readonly string[]; read(context: Context): Promise<readonly number[]> };

const HELP = {
  salus_queue_due_tasks: "Tasks whose time has come and that wait for a worker, all replicas together.",
  salus_queue_running_tasks: "Tasks being worked on, all replicas together.",
  salus_queue_dead_tasks: "Tasks that failed for the last time.",
  salus_queue_oldest_seconds: "Seconds that the oldest due task has waited.",
  salus_chain_head_age_seconds: "Age of the newest block that the gateway sees.",
  salus_chain_unfinal_blocks: "Blocks between the newest and the finalized one.",
  salus_log_entries: "Decisions in the log.",
  salus_log_promise_age_seconds:
    "Age of the oldest decision that no checkpoint on chain covers; 0 when all are covered.",
  salus_relay_gas_used: "Gas spent on other people's words within 24 hours, all replicas together.",
} as const;

const READINGS: readonly Reading[] = [
  {
    values: [
      "salus_queue_due_tasks",
      "salus_queue_running_tasks",
      "salus_queue_dead_tasks",
      "salus_queue_oldest_seconds",
    ],
    async read({ db }) {
      const { due, running, dead, oldest } = await readQueueState(db);
      return [due, running, dead, oldest];
    },
  },
  {
    values: ["salus_chain_head_age_seconds", "salus_chain_unfinal_blocks"],
    async read({ chain, now }) {
      const { head, finalized } = await chain.snapshot();
      return [Math.max(0, now() - head.time), Number(head.number - finalized.number)];
    },
  },
  { values: ["salus_log_entries", "salus_log_promise_age_seconds"], read: readLog },
  {
    values: ["salus_relay_gas_used"],
    async read({ db, now }) {
      const { gas } = await db
        .selectFrom("relays")
        .select((row) => row.fn.coalesce(row.fn.sum<string>("gas"), row.lit(0)).as("gas"))
        .where("at", ">", now() - 86_400)
        .executeTakeFirstOrThrow();
      return [Number(gas)];
    },
  },
];

async function readLog({ db, now }: Context): Promise<[entries: number, age: number]> {
  const { size } = await db.selectFrom("log_state").select("size").executeTakeFirstOrThrow();
  const { covered } = await db
    .selectFrom("log_checkpoints")
    .select((row) => row.fn.coalesce(row.fn.max("size"), row.lit(0)).as("covered"))
    .where("transaction", "is not", null)
    .executeTakeFirstOrThrow();
  const open = await db
    .selectFrom("decisions")
    .select("at")
    .where("index", ">=", Number(covered))
    .orderBy("index")
    .limit(1)
    .executeTakeFirst();
  return [size, open ? Math.max(0, now() - open.at) : 0];
}

/** Registers the gauges; the function looks all of them up. It never throws. */
export function openGauges(context: Context): () => Promise<void> {
  const registers = [context.metrics.registry];
  const gauges = new Map(
    Object.entries(HELP).map(([name, help]) => [
      name,
      (context.metrics.registry.getSingleMetric(name) as Gauge | undefined) ??
        new Gauge({ name, help, registers }),
    ]),
  );
  return async () => {
    await Promise.all(
      READINGS.map(async ({ values, read }) => {
        const found = await read(context).catch((err: unknown) => {
          context.logger.warn({ err, values }, "a measure could not be taken");
          return values.map(() => Number.NaN);
        });
        values.forEach((name, i) => gauges.get(name)!.set(found[i]!));
      }),
    );
  };
}
