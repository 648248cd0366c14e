import type { Address } from "viem";
import type { Context } from "../context.ts";

/** Whether a subject (lower case) has a record in any version of a dataset that this gateway holds. */
export async function isSubjectKnown(context: Context, dataset: bigint, subject: Address): Promise<boolean> {
  const rows = await context.db
    .selectFrom("versions")
    .select("number")
    .where("asset", "=", dataset.toString())
    .orderBy("number", "desc")
    .execute();
  for (const { number } of rows) {
    const version = await context.versions.get(dataset, number);
    if (version?.leaves.has(subject)) return true;
  }
  return false;
}
