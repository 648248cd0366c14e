import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Hex } from "viem";
import type { RecordShare } from "@salus/sdk/crypto/share-batch";
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
export function openShareStore(database: Db, key: Uint8Array): ShareStore {
  async function find(scope: ShareScope, recordIds: readonly Hex[]): Promise<Map<Hex, HeldShare>> {
    const found = new Map<Hex, HeldShare>();
    for (let at = 0; at < recordIds.length; at += ROWS_AT_ONCE) {
      const ids = recordIds.slice(at, at + ROWS_AT_ONCE);
      const rows = await database
        .selectFrom("key_shares")
        .select(["record_id", "sealed"])
        .where("asset", "=", scope.asset.toString())
        .where("origin_version", "=", scope.originVersion)
        .where(sql<boolean>`record_id = any(${ids}::text[])`)
        .execute();
      for (const { record_id, sealed } of rows)
        found.set(record_id, { open: () => decrypt(key, scope, record_id, sealed) });
    }
    return found;
  }
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

/** A row moved to another record, version or asset does not open. */
function bindingOf({ asset, originVersion }: ShareScope, recordId: Hex): Buffer {
  return Buffer.from(`salus.share-at-rest.v1\n${asset}\n${originVersion}\n${recordId}`);
}

function encrypt(key: Uint8Array, scope: ShareScope, { recordId, share, salt }: RecordShare): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(bindingOf(scope, recordId));
  const body = Buffer.concat([cipher.update(share), cipher.update(salt), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, scope: ShareScope, recordId: Hex, sealed: Buffer): RecordShare {
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
