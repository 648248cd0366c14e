import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Hex } from "viem";
import type { RecordShare } from "@salus/sdk/crypto/share-batch";
import { inBatchesBy } from "../batching/together.ts";
import type { Db } from "../database/connect.ts";
import { GatewayError } from "../errors/gateway-error.ts";

const NONCE = 12;
const TAG = 16;
const SHARE = 33;
const ROWS_AT_ONCE = 5000;

/** Which key shares: those of records first listed in one version of an asset. */
export type ShareScope = { asset: bigint; originVersion: number };

/** A key share that is here, encrypted as it lies in the database until it is opened. */
export type HeldShare = { open(): RecordShare };

/** This gateway's key shares in the database, each encrypted (AES-256-GCM) under the keystore's storage key. */
export type ShareStore = {
  /** Stores the shares of one version, in place of earlier ones of the same records. */
  put(scope: ShareScope, shares: readonly RecordShare[], db?: Db): Promise<void>;
  /** The shares it holds of some records, by record id; records without one are left out. */
  get(scope: ShareScope, recordIds: readonly Hex[]): Promise<Map<Hex, RecordShare>>;
  /** The same, still encrypted. */
  find(scope: ShareScope, recordIds: readonly Hex[]): Promise<Map<Hex, HeldShare>>;
  /** Removes the shares of some records for good. */
  delete(scope: ShareScope, recordIds: readonly Hex[]): Promise<void>;
};

/** Opens the store over a database with a 32-byte key. */
export function openShareStore(database: Db, storageKey: Uint8Array): ShareStore {
  // Loading a key takes four times as long as opening a key share with it.
  const key = createSecretKey(storageKey);
  // Lookups that come while one for the same records' scope is under way share the next.
  const lookUp = inBatchesBy((name: string, asked: readonly (readonly Hex[])[]) => {
    const [asset, originVersion] = name.split("/") as [string, string];
    return findAll({ asset: BigInt(asset), originVersion: Number(originVersion) }, asked);
  });
  async function findAll(scope: ShareScope, asked: readonly (readonly Hex[])[]) {
    const wanted = asked.length === 1 ? asked[0]! : union(asked);
    const sealed = new Map<Hex, Buffer>();
    for (let at = 0; at < wanted.length; at += ROWS_AT_ONCE) {
      for (const row of await readRows(database, scope, wanted.slice(at, at + ROWS_AT_ONCE))) {
        sealed.set(row.record_id, row.sealed);
      }
    }
    return asked.map((recordIds) => pick(recordIds, scope, sealed));
  }
  function pick(recordIds: readonly Hex[], scope: ShareScope, sealed: ReadonlyMap<Hex, Buffer>) {
    const held = new Map<Hex, HeldShare>();
    for (const id of recordIds) {
      const row = sealed.get(id);
      if (row) held.set(id, { open: () => decrypt(key, scope, id, row) });
    }
    return held;
  }
  const find = (scope: ShareScope, recordIds: readonly Hex[]) =>
    lookUp(`${scope.asset}/${scope.originVersion}`, recordIds);
  return {
    async put(scope, shares, db = database) {
      for (let at = 0; at < shares.length; at += ROWS_AT_ONCE) {
        const rows = shares.slice(at, at + ROWS_AT_ONCE).map((share) => ({
          asset: scope.asset.toString(),
          origin_version: scope.originVersion,
          record_id: share.recordId,
          sealed: encrypt(key, scope, share),
        }));
        await db
          .insertInto("key_shares")
          .values(rows)
          .onConflict((conflict) =>
            conflict
              .columns(["asset", "origin_version", "record_id"])
              .doUpdateSet((row) => ({ sealed: row.ref("excluded.sealed") })),
          )
          .execute();
      }
    },
    find,
    async get(scope, recordIds) {
      return new Map(Array.from(await find(scope, recordIds), ([id, share]) => [id, share.open()]));
    },
    async delete(scope, recordIds) {
      if (recordIds.length === 0) return;
      await database
        .deleteFrom("key_shares")
        .where("asset", "=", scope.asset.toString())
        .where("origin_version", "=", scope.originVersion)
        .where("record_id", "in", recordIds)
        .execute();
    },
  };
}

function union(lists: readonly (readonly Hex[])[]): Hex[] {
  const all = new Set<Hex>();
  for (const list of lists) for (const id of list) all.add(id);
  return [...all];
}

function readRows(db: Db, { asset, originVersion }: ShareScope, recordIds: readonly Hex[]) {
  return db
    .selectFrom("key_shares")
    .select(["record_id", "sealed"])
    .where("asset", "=", asset.toString())
    .where("origin_version", "=", originVersion)
    .where(sql<boolean>`record_id = any(${recordIds}::text[])`)
    .execute();
}

/** A row moved to another record, version or asset does not open. */
function bindingOf({ asset, originVersion }: ShareScope, recordId: Hex): Buffer {
  return Buffer.from(`salus.share-at-rest.v1\n${asset}\n${originVersion}\n${recordId}`);
}

function encrypt(key: KeyObject, scope: ShareScope, { recordId, share, salt }: RecordShare): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(bindingOf(scope, recordId));
  const body = Buffer.concat([cipher.update(share), cipher.update(salt), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

function decrypt(key: KeyObject, scope: ShareScope, recordId: Hex, sealed: Buffer): RecordShare {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE))
      .setAAD(bindingOf(scope, recordId))
      .setAuthTag(sealed.subarray(-TAG));
    const plain = Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
    return {
      recordId,
      share: new Uint8Array(plain.subarray(0, SHARE)),
      salt: new Uint8Array(plain.subarray(SHARE)),
    };
  } catch (cause) {
    throw new GatewayError("GATEWAY_INTERNAL", `The stored key share of record ${recordId} does not open.`, {
      hint: "Restore the keys file that belongs to this database.",
      cause,
    });
  }
}
