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
  // A lost connection is replaced at the next query, and a query under way is refused; without listeners, of idle
  // connections and of those in a transaction, it would end the process.
  const lost = () => undefined;
  pool.on("error", lost);
  pool.on("connect", (client) => client.on("error", lost));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  await migrate(db);
  return db;
}
