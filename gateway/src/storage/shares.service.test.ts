import type { Hex } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startPostgres, type TestPostgres } from "../../../test/support/postgres.ts";
import { connectDatabase, type Db } from "../database/connect.ts";
import { openShareStore } from "./shares.ts";

const SCOPE = { asset: 7n, originVersion: 1 };
const idOf = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const shareOf = (n: number) => ({
  recordId: idOf(n),
  share: new Uint8Array(33).fill(n),
  salt: new Uint8Array(32).fill(0x50 + n),
});
let postgres: TestPostgres;
let db: Db;

beforeAll(async () => {
  postgres = await startPostgres(29_380);
  db = await connectDatabase(await postgres.create("shares"));
}, 60_000);
afterAll(async () => {
  await db?.destroy();
  await postgres?.stop();
});

it("keeps key shares so that the database alone tells nothing of them, and each at its place", async () => {
  const store = openShareStore(db, new Uint8Array(32).fill(1));
  await store.put(SCOPE, [shareOf(1), shareOf(2)]);
  expect(await store.get(SCOPE, [idOf(1), idOf(2), idOf(3)])).toEqual(
    new Map([1, 2].map((n) => [idOf(n), shareOf(n)])),
  );
  const rows = await db.selectFrom("key_shares").selectAll().orderBy("record_id").execute();
  for (const [i, { sealed }] of rows.entries()) {
    // Not even eight bytes of a share or of its salt.
    for (const byte of [i + 1, 0x51 + i]) expect(sealed.includes(Buffer.alloc(8, byte))).toBe(false);
  }
  const stranger = openShareStore(db, new Uint8Array(32).fill(2));
  await expect(stranger.get(SCOPE, [idOf(1)])).rejects.toThrow();
  // One moved to another record's place does not open there.
  await db
    .updateTable("key_shares")
    .set({ sealed: rows[0]!.sealed })
    .where("record_id", "=", idOf(2))
    .execute();
  await expect(store.get(SCOPE, [idOf(2)])).rejects.toThrow();
});
