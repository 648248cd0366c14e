import type { Address, Hex } from "viem";
import { REQUEST_LIFETIME } from "@salus/sdk/gateway/requests";
import { sql } from "kysely";
import { inBatches } from "../batching/together.ts";
import type { Db } from "../database/connect.ts";

type Nonce = { signer: Address; nonce: Hex; now: number };

const takers = new WeakMap<Db, (nonce: Nonce) => Promise<boolean>>();

/** Takes a nonce for a signer; false if it was taken before. Kept for as long as the request could pass as fresh. */
export function takeNonce(db: Db, signer: Address, nonce: Hex, now: number): Promise<boolean> {
  let take = takers.get(db);
  if (!take) takers.set(db, (take = inBatches((nonces: readonly Nonce[]) => takeNonces(db, nonces))));
  return take({ signer, nonce, now });
}

async function takeNonces(db: Db, nonces: readonly Nonce[]): Promise<boolean[]> {
  const signers = nonces.map(({ signer }) => signer.toLowerCase());
  const values = nonces.map(({ nonce }) => nonce.toLowerCase());
  const ends = nonces.map(({ now }) => now + 2 * REQUEST_LIFETIME);
  const { rows } = await sql<{ signer: string; nonce: string }>`
    insert into request_nonces (signer, nonce, expires_at)
    select * from unnest(${signers}::text[], ${values}::text[], ${ends}::bigint[])
    on conflict do nothing returning signer, nonce`.execute(db);
  const taken = new Set(rows.map(({ signer, nonce }) => `${signer}/${nonce}`));
  // Of one nonce that came twice at once, the first has it.
  return signers.map((signer, i) => taken.delete(`${signer}/${values[i]}`));
}

/** Forgets nonces whose requests are stale anyway. */
export async function sweepNonces(db: Db, now: number): Promise<void> {
  await db.deleteFrom("request_nonces").where("expires_at", "<", now).execute();
}

/** Whether a request signed at this time is neither old nor of the future. */
export function isFresh(issuedAt: number, now: number): boolean {
  return Math.abs(now - issuedAt) <= REQUEST_LIFETIME;
}
