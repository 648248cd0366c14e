import type { Address } from "viem";
import type { ErasuresPage } from "@salus/sdk/gateway/types";
import type { Db } from "../database/connect.ts";

/** Wishes that one answer carries at most. */
export const ERASURES_A_PAGE = 500;

/** Wishes for erasure in one dataset that this gateway knows, by subject, a page at a time. */
export async function knownErasures(
  db: Db,
  { dataset, after }: { dataset: string; after?: string },
): Promise<ErasuresPage> {
  const rows = await db
    .selectFrom("erasures")
    .select(["subject", "signed"])
    .where("dataset", "=", dataset)
    .where("subject", ">", (after ?? "").toLowerCase() as Address)
    .orderBy("subject")
    .limit(ERASURES_A_PAGE)
    .execute();
  const last = rows.at(-1);
  return {
    erasures: rows.map(({ signed }) => signed),
    ...(last && rows.length === ERASURES_A_PAGE ? { next: last.subject } : {}),
  };
}
