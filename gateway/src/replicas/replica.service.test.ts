import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres, type TestPostgres } from "../../../test/support/postgres.ts";
import { connectDatabase, type Db } from "../database/connect.ts";
import { joinReplicas, type Replica } from "./replica.ts";

const ROLE = "clerk";
let postgres: TestPostgres;
let admin: pg.Client;
let db: Db;
/** The database as a user who is told what they may do. */
let databaseUrl: string;

beforeAll(async () => {
  postgres = await startPostgres(25_620);
  const adminUrl = await postgres.create("replicas");
  db = await connectDatabase(adminUrl);
  admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create role ${ROLE} login password 'local-tests-only'`);
  await admin.query(`grant select, insert, delete on replicas to ${ROLE}`);
  await admin.query(`grant usage on all sequences in schema public to ${ROLE}`);
  databaseUrl = adminUrl.replace("//postgres:", `//${ROLE}:`);
}, 60_000);
afterAll(async () => {
  await admin?.end();
  await db?.destroy();
  await postgres?.stop();
});

/** Does something as a replica whose log is kept. */
async function asReplica(work: (replica: Replica, log: string[]) => Promise<void>): Promise<void> {
  const log: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void log.push(line) });
  const replica = await joinReplicas(databaseUrl, logger);
  try {
    await work(replica, log);
  } finally {
    await replica.close();
  }
}

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error("It did not come to pass.");
    await sleep(50);
  }
}

describe("a replica", () => {
  it("does work alone while another one does not, and says when somebody else is at it", async () => {
    await asReplica((first) =>
      asReplica(async (second) => {
        const inside = await first.alone("order:1", async () => {
          expect(await second.alone("order:1", () => Promise.reject(new Error("both at once")))).toBe(false);
          expect(await second.alone("order:2", async () => undefined)).toBe(true);
        });
        expect(inside).toBe(true);
        expect(await second.alone("order:1", async () => undefined)).toBe(true);
      }),
    );
  });

  it("throws when the database refuses to lock, and never takes that for somebody else at work", async () => {
    await asReplica(async (replica) => {
      await admin.query("revoke execute on function pg_try_advisory_lock(bigint) from public");
      try {
        const denied = { code: "42501" }; // insufficient_privilege
        await expect(replica.alone("order:3", async () => undefined)).rejects.toMatchObject(denied);
        await expect(replica.inLine("sender", async () => undefined)).rejects.toMatchObject(denied);
      } finally {
        await admin.query("grant execute on function pg_try_advisory_lock(bigint) to public");
      }
      expect(await replica.alone("order:3", async () => undefined)).toBe(true);
      expect(await replica.inLine("sender", async () => 7)).toBe(7);
    });
  });

  it("tells of a lock that it could not give back, and keeps the result of its work", async () => {
    await asReplica(async (replica, log) => {
      await admin.query("revoke execute on function pg_advisory_unlock(bigint) from public");
      try {
        expect(await replica.inLine("sender", async () => 7)).toBe(7);
      } finally {
        await admin.query("grant execute on function pg_advisory_unlock(bigint) to public");
      }
      expect(log.join()).toContain("a lock could not be given back");
    });
  });

  it("does nothing alone while its connection is lost, tells of it, and goes on with another one", async () => {
    await asReplica(async (replica, log) => {
      const before = replica.id();
      await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${ROLE}'`);
      // Neither a failure nor a promise: the connection may be found lost now, or a moment later.
      await replica.alone("order:4", async () => undefined);
      await until(() => replica.id() !== 0 && replica.id() !== before);
      expect(log.join()).toContain("the connection that holds this replica's locks was lost");
      expect(await replica.alone("order:4", async () => undefined)).toBe(true);
    });
  });

  it("tells of it when it cannot take itself out of the list, and ends all the same", async () => {
    const ended: string[] = [];
    await asReplica(async (replica, log) => {
      await admin.query(`revoke delete on replicas from ${ROLE}`);
      await replica.close();
      await admin.query(`grant delete on replicas to ${ROLE}`);
      ended.push(...log);
      replica.close = async () => undefined;
    });
    expect(ended.join()).toContain("could not take itself out of the list");
  });
});
