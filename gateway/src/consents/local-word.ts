import type { SignedErasure, SignedRevocation, SignedVeto } from "@salus/sdk/gateway/types";
import { sql } from "kysely";
import { type Address, zeroAddress } from "viem";
import { sharedBy } from "../batching/together.ts";
import type { Db } from "../database/connect.ts";
import { signedRevocation, SPOKEN, type SpokenRow } from "./verify-word.ts";

/** What this gateway itself was told about a dataset's subjects, by lower-case subject. */
export type LocalWord = {
  /** the received revocation that reaches highest */
  revoked: ReadonlyMap<string, SignedRevocation>;
  /** standing vetoes; the zero address stands for the whole dataset */
  vetoed: ReadonlyMap<string, SignedVeto>;
  /** wishes for erasure, which nothing takes back */
  erased: ReadonlyMap<string, SignedErasure>;
};

const sharedReadings = new WeakMap<Db, (dataset: bigint) => Promise<LocalWord>>();

/** {@link readLocalWord}, shared by all who ask before it is read. Not within a transaction. */
export function sharedLocalWord(db: Db, dataset: bigint): Promise<LocalWord> {
  let read = sharedReadings.get(db);
  if (!read) sharedReadings.set(db, (read = sharedBy((of: bigint) => readLocalWord(db, of))));
  return read(dataset);
}

type Heard =
  | { kind: "revoked"; subject: Address; said: SpokenRow }
  | { kind: "vetoed"; subject: Address; said: SignedVeto }
  | { kind: "erased"; subject: Address; said: SignedErasure };

/** Reads revocations, vetoes and wishes for erasure as they stand at one moment, in one question. */
export async function readLocalWord(db: Db, dataset: bigint): Promise<LocalWord> {
  const key = dataset.toString();
  const spoken = sql.join(SPOKEN.map((column) => sql.ref(column)));
  const { rows } = await sql<Heard>`
    select 'revoked' as kind, subject, max_nonce as reach, (
      select to_jsonb(spoken) from (select ${spoken}) as spoken) as said
    from revocations where dataset = ${key} and overruled_at is null
    union all
    select 'vetoed', subject, 0, signed from vetoes where dataset = ${key} and lifted_at is null
    union all
    select 'erased', subject, 0, signed from erasures where dataset = ${key}
    order by reach`.execute(db);
  const word = {
    revoked: new Map<string, SignedRevocation>(),
    vetoed: new Map<string, SignedVeto>(),
    erased: new Map<string, SignedErasure>(),
  };
  for (const { kind, subject, said } of rows) {
    if (kind === "revoked")
      word.revoked.set(subject, signedRevocation(said)); // the highest comes last
    else if (kind === "vetoed") word.vetoed.set(subject, said);
    else word.erased.set(subject, said);
  }
  return word;
}

/** Whether the whole dataset is vetoed here. */
export function isDatasetVetoed({ vetoed }: LocalWord): boolean {
  return vetoed.has(zeroAddress);
}
