import type { Address } from "viem";
import type { ConsentLeaf } from "@salus/sdk/trees/leaves";
import type { Context } from "../context.ts";

/** Whether a subject (lower case) has a record in any version of a dataset that this gateway holds. */
export async function isSubjectKnown(context: Context, dataset: bigint, subject: Address): Promise<boolean> {
  return (await latestLeaf(context, dataset, subject)) !== undefined;
}

/** A subject's leaf (lower case) in the latest version that has one, of those that this gateway holds. */
export async function latestLeaf(
  context: Context,
  dataset: bigint,
  subject: Address,
): Promise<ConsentLeaf | undefined> {
  const rows = await context.db
    .selectFrom("versions")
    .select("number")
    .where("asset", "=", dataset.toString())
    .orderBy("number", "desc")
    .execute();
  for (const { number } of rows) {
    const version = await context.versions.get(dataset, number);
    const leaf = version?.leaves.get(subject);
    if (leaf) return leaf;
  }
  return undefined;
}
