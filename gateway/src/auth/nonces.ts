import type { Address, Hex } from "viem";
import { REQUEST_LIFETIME } from "@salus/sdk/gateway/requests";
import type { Db } from "../database/connect.ts";

/** Takes a nonce for a signer; false if it was taken before. Kept for as long as the request could pass as fresh. */
export async function takeNonce(db: Db, signer: Address, nonce: Hex, now: number): Promise<boolean> {
  const row = {
    signer: signer.toLowerCase() as Address,
    nonce: nonce.toLowerCase() as Hex,
    expires_at: now + 2 * REQUEST_LIFETIME,
  };
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("request_nonces")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Forgets nonces whose requests are stale anyway. */
export async function sweepNonces(db: Db, now: number): Promise<void> {
  await db.deleteFrom("request_nonces").where("expires_at", "<", now).execute();
}

/** Whether a request signed at this time is neither old nor of the future. */
export function isFresh(issuedAt: number, now: number): boolean {
  return Math.abs(now - issuedAt) <= REQUEST_LIFETIME;
}
