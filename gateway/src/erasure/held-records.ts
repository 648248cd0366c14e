import type { Address } from "viem";
import type { Context } from "../context.ts";
import type { ErasedRecord } from "../database/schema.ts";

/** What this gateway lists of a subject (lower case), over all versions of a dataset; a carried record counts once. */
export async function recordsOf(
  { db, versions }: Pick<Context, "db" | "versions">,
  dataset: bigint,
  subject: Address,
): Promise<ErasedRecord[]> {
  const rows = await db
    .selectFrom("versions")
    .select("number")
    .where("asset", "=", dataset.toString())
    .orderBy("number")
    .execute();
  const found = new Map<string, ErasedRecord>();
  for (const { number } of rows) {
    const version = await versions.get(dataset, number);
    for (const { leaf } of version?.manifest.entries ?? []) {
      if (leaf.subject.toLowerCase() !== subject) continue;
      const { recordId, originVersion, content } = leaf;
      found.set(recordId, { recordId, originVersion, content });
    }
  }
  return [...found.values()];
}

/** The gateways that hold a dataset's key shares, and its threshold, from the newest version here. */
export async function gatewaysOf(
  { db, versions }: Pick<Context, "db" | "versions">,
  dataset: bigint,
): Promise<{ gateways: readonly number[]; threshold: number } | undefined> {
  const row = await db
    .selectFrom("versions")
    .select("number")
    .where("asset", "=", dataset.toString())
    .orderBy("number", "desc")
    .executeTakeFirst();
  return row && (await versions.get(dataset, row.number))?.manifest;
}
