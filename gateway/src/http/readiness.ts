import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { readQueueState } from "../jobs/queue-state.ts";
import { LIMIT } from "./limits.ts";

/** What must be well for a gateway to serve. */
export const CHECKS = ["database", "chain", "storage", "queue"] as const;
export type CheckName = (typeof CHECKS)[number];

/** Why a check fails, in words without values; undefined when it is well. */
export type Verdicts = Readonly<Record<CheckName, string | undefined>>;

const PROBE = "probe";

/** Each check with its words for what it finds. What it throws counts as "does not answer". */
const LOOKS: Readonly<Record<CheckName, (context: Context) => Promise<string | undefined>>> = {
  async database({ db }) {
    await sql`select 1`.execute(db);
    return undefined;
  },
  async chain({ chain, now, environment }) {
    const { head } = await chain.snapshot();
    const age = now() - head.time;
    return age > environment.maxHeadAge ? `the newest block is ${age} seconds old` : undefined;
  },
  async storage({ probe }) {
    const bytes = new TextEncoder().encode("ready");
    await probe.put(PROBE, bytes);
    const read = await probe.get(PROBE);
    return read && Buffer.from(read).equals(bytes) ? undefined : "what was written is not what is read";
  },
  async queue({ db }) {
    const { oldest } = await readQueueState(db);
    return oldest > LIMIT.queueSeconds ? `a task waits for ${Math.round(oldest)} seconds` : undefined;
  },
};

/**
 * Looks at everything; each look may take a few seconds and is kept for a moment, so that whoever asks often costs nothing.
 */
export function openReadiness(context: Context): () => Promise<Verdicts> {
  let last: { at: number; verdicts: Promise<Verdicts> } | undefined;
  return () => {
    const now = Date.now();
    if (!last || now - last.at >= LIMIT.readySeconds * 1000) last = { at: now, verdicts: lookAtAll(context) };
    return last.verdicts;
  };
}

async function lookAtAll(context: Context): Promise<Verdicts> {
  const found = await Promise.all(CHECKS.map(async (name) => [name, await look(context, name)] as const));
  for (const [name, verdict] of found)
    context.metrics.ready.set({ check: name }, verdict === undefined ? 1 : 0);
  return Object.fromEntries(found) as Verdicts;
}

async function look(context: Context, name: CheckName): Promise<string | undefined> {
  const enough = new AbortController();
  try {
    const slow = wait(LIMIT.checkSeconds * 1000, "does not answer in time", {
      signal: enough.signal,
      ref: false,
    });
    return await Promise.race([LOOKS[name](context), slow]);
  } catch (err) {
    context.logger.warn({ err, check: name }, "a check of readiness failed");
    return "does not answer";
  } finally {
    enough.abort();
  }
}

/** @throws GATEWAY_NOT_READY naming what is not well */
export function assertReady(verdicts: Verdicts): void {
  const faults = CHECKS.filter((name) => verdicts[name] !== undefined).map(
    (name) => `${name}: ${verdicts[name]}`,
  );
  if (faults.length > 0) throw new GatewayError("GATEWAY_NOT_READY", `Not ready. ${faults.join("; ")}.`);
}
