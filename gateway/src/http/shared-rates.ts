import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { LIMIT } from "./limits.ts";

/* Each replica counts by itself, and once a second tells the others who has used much of a rate: no request waits for the
   database, and few keys are ever told. */

/** Part of a rate from which on a key is told, as one in so many. */
export const TOLD_FROM = 10;

/** What a rate counted, at one replica, of one key. */
type Counted = { rate: string; key: string; most: number; count: number };

/** How often somebody asked at the other replicas. */
export type SharedRates = {
  /** Counts a request at this replica. @param most requests of the key in a minute */
  count(rate: string, key: string, most: number): void;
  /** Requests of a key at the other replicas in the last minute, as far as they told. */
  elsewhere(rate: string, key: string): number;
  /** Tells the others, and learns what they told. @throws what the database throws: then what was learnt before stays */
  exchange(): Promise<void>;
};

const MINUTE_MS = 60_000;

/** Opens the counts of a replica. Minutes are those of the replicas' clocks, which need not agree to the second. */
export function openSharedRates(
  { db, keys }: Pick<Context, "db" | "keys">,
  now: () => number = Date.now,
): SharedRates {
  const replica = randomUUID();
  // Nobody reads an address from what is told.
  const nameOf = (rate: string, key: string) => keys.derive("rate", `${rate} ${key}`);
  const minuteOf = () => Math.floor(now() / MINUTE_MS);
  let own = new Map<number, Map<string, Counted>>();
  let others = new Map<string, Map<number, number>>();

  function thisMinute(): Map<string, Counted> {
    const minute = minuteOf();
    const counts = own.get(minute) ?? new Map<string, Counted>();
    if (!own.has(minute)) own = new Map([...own].filter(([each]) => each === minute - 1)).set(minute, counts);
    return counts;
  }

  async function tell(): Promise<void> {
    const much = [...own].flatMap(([minute, counts]) =>
      [...counts.values()]
        .filter(({ count, most }) => count * TOLD_FROM >= most)
        .map(({ rate, key, count }) => ({ minute, name: nameOf(rate, key), count })),
    );
    if (much.length === 0) return;
    await sql`insert into shared_rates (replica, name, minute, count)
      select ${replica}, * from unnest(${much.map(({ name }) => name)}::text[],
        ${much.map(({ minute }) => minute)}::bigint[], ${much.map(({ count }) => count)}::bigint[])
      on conflict (replica, name, minute) do update set count = excluded.count`.execute(db);
    await sql`delete from shared_rates where minute < ${minuteOf() - 1}`.execute(db);
  }

  return {
    count(rate, key, most) {
      const counts = thisMinute();
      const id = `${rate} ${key}`;
      const counted = counts.get(id);
      if (counted) counted.count += 1;
      // Of so many that there is no room for them none is near its limit: the first to come are.
      else if (counts.size < LIMIT.rateKeys) counts.set(id, { rate, key, most, count: 1 });
    },
    elsewhere(rate, key) {
      if (others.size === 0) return 0;
      const told = others.get(nameOf(rate, key));
      if (!told) return 0;
      const minute = minuteOf();
      const left = 1 - (now() / MINUTE_MS - minute);
      return Math.round((told.get(minute - 1) ?? 0) * left) + (told.get(minute) ?? 0);
    },
    async exchange() {
      await tell();
      const { rows } = await sql<{ name: string; minute: number; count: number }>`
        select name, minute, sum(count)::bigint as count from shared_rates
        where replica <> ${replica} and minute >= ${minuteOf() - 1} group by name, minute`.execute(db);
      const learnt = new Map<string, Map<number, number>>();
      for (const { name, minute, count } of rows) {
        const told = learnt.get(name) ?? new Map<number, number>();
        learnt.set(name, told.set(Number(minute), Number(count)));
      }
      others = learnt;
    },
  };
}
