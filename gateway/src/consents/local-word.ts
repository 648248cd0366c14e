import type { SignedErasure, SignedRevocation, SignedVeto } from "@salus/sdk/gateway/types";
import { zeroAddress } from "viem";
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
export async function isDatasetVetoed(db: Db, dataset: bigint): Promise<boolean> {
  const veto = await db
    .selectFrom("vetoes")
    .select("id")
    .where("dataset", "=", dataset.toString())
    .where("subject", "=", zeroAddress)
    .where("lifted_at", "is", null)
    .executeTakeFirst();
  return veto !== undefined;
}
