import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres, type TestPostgres } from "../../../test/support/postgres.ts";
import { connectDatabase, type Db } from "./connect.ts";

let postgres: TestPostgres;
let admin: pg.Client;
let db: Db;

beforeAll(async () => {
  postgres = await startPostgres(23_120);
  const url = await postgres.create("connections");
  db = await connectDatabase(url);
  admin = new pg.Client({ connectionString: url });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin?.end();
  await db?.destroy();
  await postgres?.stop();
});

describe("a connection that the server ends in the middle of a transaction", () => {
  it("refuses what was under way, and costs the process nothing else", async () => {
    const uncaught: unknown[] = [];
    const listener = (error: unknown) => void uncaught.push(error);
    process.prependListener("uncaughtException", listener);
    try {
      const transaction = db.transaction().execute(async (tx) => {
        const own = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
        const { pid } = own.rows[0]!;
        await admin.query("select pg_terminate_backend($1)", [pid]);
        const gone = () => admin.query("select from pg_stat_activity where pid = $1", [pid]);
        while ((await gone()).rowCount) await new Promise((resolve) => setTimeout(resolve, 20));
        // Nothing of the transaction runs now: only the connection's own listener can take the news.
        await new Promise((resolve) => setTimeout(resolve, 100));
        await sql`select 1`.execute(tx);
      });
      await expect(transaction).rejects.toThrow();
      expect(uncaught).toEqual([]);
    } finally {
      process.removeListener("uncaughtException", listener);
    }
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(db);
    expect(rows).toEqual([{ one: 1 }]);
  });
});
