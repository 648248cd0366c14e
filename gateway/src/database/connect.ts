import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { migrate } from "./migrations.ts";
import type { Database } from "./schema.ts";

/** The gateway's database and its connections. */
export type Db = Kysely<Database>;

const INT8 = 20;
const CONNECTIONS = 10;

/**
 * Connects and brings the schema up to date. Whole numbers come as numbers: none of ours exceeds 2^53.
 *
 * @throws pg's error when the server cannot be reached
 */
export async function connectDatabase(url: string): Promise<Db> {
  const types = {
    getTypeParser: (oid: number, format?: "text" | "binary") =>
      oid === INT8 ? Number : (pg.types.getTypeParser(oid, format as "text") as (value: string) => unknown),
  };
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, types: types as never });
  // A lost idle connection is replaced at the next query; without a listener it would end the process.
  pool.on("error", () => undefined);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  await migrate(db);
  return db;
}
