import type { SignedErasure, SignedRevocation, SignedVeto } from "@salus/sdk/gateway/types";
import { zeroAddress } from "viem";
import { sharedBy } from "../batching/together.ts";
import type { Db } from "../database/connect.ts";
import { signedRevocation, SPOKEN } from "./verify-word.ts";

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

/** Reads revocations and vetoes as they stand at this moment. */
export async function readLocalWord(db: Db, dataset: bigint): Promise<LocalWord> {
  const key = dataset.toString();
  const [revocations, vetoes, erasures] = await Promise.all([
    db
      .selectFrom("revocations")
      .select(SPOKEN)
      .where("dataset", "=", key)
      .where("overruled_at", "is", null)
      .orderBy("max_nonce", "asc")
      .execute(),
    db
      .selectFrom("vetoes")
      .select(["subject", "signed"])
      .where("dataset", "=", key)
      .where("lifted_at", "is", null)
      .execute(),
    db.selectFrom("erasures").select(["subject", "signed"]).where("dataset", "=", key).execute(),
  ]);
  const revoked = new Map<string, SignedRevocation>();
  for (const row of revocations) revoked.set(row.subject, signedRevocation(row));
  return {
    revoked,
    vetoed: new Map(vetoes.map(({ subject, signed }) => [subject, signed])),
    erased: new Map(erasures.map(({ subject, signed }) => [subject, signed])),
  };
}

/** Whether the whole dataset is vetoed here. */
export function isDatasetVetoed({ vetoed }: LocalWord): boolean {
  return vetoed.has(zeroAddress);
}
