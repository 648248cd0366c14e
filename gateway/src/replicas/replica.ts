import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "pino";
import { ConfigError } from "../config/config-error.ts";

/**
 * One process of a gateway. Several run over one database and one object store; what two of them must not do at the same
 * time is held apart by locks of the database. The locks belong to one connection, so they end with the process, however
 * it ends: nobody has to find out by a clock whether another one is still alive.
 */
export type Replica = {
  /** its number among all that ever ran; another one after its connection was lost */
  id(): number;
  /**
   * Does work that only one replica does at a time, if none is at it.
   *
   * @returns whether it was done here; a replica whose connection is lost does nothing until it has another one
   * @throws pg's error when the database refuses to lock: nobody may be at it
   */
  alone(name: string, work: () => Promise<void>): Promise<boolean>;
  /** Does work when it has its turn: one replica, and one caller of it, at a time. */
  inLine<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Gives up its place; whatever it still holds is free then. */
  close(): Promise<void>;
};

/** Milliseconds between two looks at a lock that another replica holds, and two tries to connect. */
const AGAIN = 100;
const RECONNECT = 500;

/** How the connection that holds a replica's locks is called in `pg_stat_activity`. */
const LOCKS = "salus replica";

/** Joins the replicas of a gateway's database. @throws pg's error when it cannot be reached */
export async function joinReplicas(databaseUrl: string, logger: Logger): Promise<Replica> {
  const held = new Set<string>();
  const lines = new Map<string, Promise<unknown>>();
  let closed = false;
  let session: Session | undefined = await connect();

  async function connect(): Promise<Session> {
    const client = new pg.Client({
      connectionString: databaseUrl,
      keepAlive: true,
      application_name: LOCKS,
    });
    let own: Session | undefined;
    const lost = (error?: Error) => {
      if (closed || !own || session !== own) return;
      session = undefined;
      logger.error({ err: error }, "the connection that holds this replica's locks was lost");
      void reconnect();
    };
    client.on("error", lost);
    client.on("end", () => lost());
    await client.connect();
    try {
      own = { client, id: await announce(client) };
      return own;
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  async function reconnect(): Promise<void> {
    while (!closed && !session) {
      await wait(RECONNECT);
      try {
        session = await connect();
        for (const name of held) {
          // What went on meanwhile keeps its place, unless another replica has taken it.
          if (!(await tryLock(session.client, name)))
            logger.error({ name }, "another replica took over a lock");
        }
      } catch (err) {
        logger.warn({ err }, "the database cannot be reached");
      }
    }
  }

  async function take(name: string): Promise<boolean> {
    if (held.has(name) || !session) return false;
    // Of one connection the database lets the same lock be taken twice.
    held.add(name);
    let taken = false;
    try {
      taken = await tryLock(session.client, name);
    } catch (error) {
      // Without a connection there is no lock, and whoever lost it is told of by its end.
      if (!isLost(error)) throw error;
    } finally {
      if (!taken) held.delete(name);
    }
    return taken;
  }

  async function release(name: string): Promise<void> {
    held.delete(name);
    try {
      await session?.client.query("select pg_advisory_unlock(hashtextextended($1, 0))", [keyOf(name)]);
    } catch (err) {
      // Without a connection there is no lock. Otherwise it stays here, where it can be taken again, and is told.
      if (!isLost(err)) logger.error({ err, name }, "a lock could not be given back");
    }
  }

  async function waitFor(name: string): Promise<void> {
    while (!(await take(name))) await wait(AGAIN);
  }

  return {
    id: () => session?.id ?? 0,
    async alone(name, work) {
      if (!(await take(name))) return false;
      try {
        await work();
      } finally {
        await release(name);
      }
      return true;
    },
    inLine(name, work) {
      const turn = (lines.get(name) ?? Promise.resolve()).then(async () => {
        await waitFor(name);
        try {
          return await work();
        } finally {
          await release(name);
        }
      });
      // The next in line goes on whether or not this one fails; the caller hears the failure.
      lines.set(
        name,
        turn.catch(() => undefined),
      );
      return turn;
    },
    async close() {
      closed = true;
      if (!session) return;
      try {
        await session.client.query("delete from replicas where id = $1", [session.id]);
      } catch (err) {
        // Its lock ends with it, by which the others see that it is gone; they forget it.
        logger.warn({ err }, "a replica could not take itself out of the list");
      }
      await session.client.end();
    },
  };
}

type Session = { client: pg.Client; id: number };

/** Row and lock appear together: nobody sees a replica that seems dead because it is about to begin. */
async function announce(client: pg.Client): Promise<number> {
  await shareDatabase(client);
  await client.query("begin");
  const { rows } = await client.query<{ id: number }>(
    "insert into replicas (started_at) values (extract(epoch from now())::bigint) returning id",
  );
  const { id } = rows[0]!;
  await tryLock(client, presence(id));
  await client.query("commit");
  return id;
}

/** Milliseconds for which an old process may be in the way. */
const PATIENCE = 10_000;

/**
 * Earlier versions took this lock for themselves alone, and took any other process's tasks for left behind. Together with
 * one of them nobody works; among themselves replicas share it.
 */
async function shareDatabase(client: pg.Client): Promise<void> {
  await client.query(`set lock_timeout = ${PATIENCE}`);
  try {
    await client.query("select pg_advisory_lock_shared(hashtext('salus.gateway'))");
  } catch (cause) {
    if ((cause as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw cause;
    throw new ConfigError(
      "SALUS_DATABASE_URL",
      "an earlier version of the gateway uses this database",
      cause,
    );
  }
  await client.query("set lock_timeout = 0");
}

/** PostgreSQL's code for a lock that did not come in time. */
const LOCK_NOT_AVAILABLE = "55P03";

async function tryLock(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    "select pg_try_advisory_lock(hashtextextended($1, 0)) as taken",
    [keyOf(name)],
  );
  return rows[0]!.taken;
}

/** PostgreSQL's classes of errors that end a connection: of the connection itself, and of a server that goes down. */
const CONNECTION_ENDS = /^(08|57P)/;

/** Whether a query failed because its connection is gone, and not because the database refused it. */
function isLost(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || CONNECTION_ENDS.test(error.code ?? "");
}

/** The lock that a replica holds for its life. */
function presence(id: number): string {
  return `replica:${id}`;
}

function keyOf(name: string): string {
  return `salus:${name}`;
}
