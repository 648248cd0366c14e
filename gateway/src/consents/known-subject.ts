import { sql } from "kysely";
import type { Address } from "viem";
import type { ConsentLeaf } from "@salus/sdk/trees/leaves";
import type { Context } from "../context.ts";

/**
 * Whether a subject (lower case) has a record in any version of a dataset that this gateway holds. Anybody may ask about
 * anybody: it takes one look at an index, however many versions there are.
 */
export async function isSubjectKnown(context: Context, dataset: bigint, subject: Address): Promise<boolean> {
  return (await lastVersionOf(context, dataset, subject)) !== undefined;
}

/** A subject's leaf (lower case) in the latest version that has one, of those that this gateway holds. */
export async function latestLeaf(
  context: Context,
  dataset: bigint,
  subject: Address,
): Promise<ConsentLeaf | undefined> {
  const number = await lastVersionOf(context, dataset, subject);
  if (number === undefined) return undefined;
  return (await context.versions.get(dataset, number))?.leaves.get(subject);
}

async function lastVersionOf(
  context: Context,
  dataset: bigint,
  subject: Address,
): Promise<number | undefined> {
  await listSubjects(context, dataset);
  const row = await context.db
    .selectFrom("subjects")
    .select("version")
    .where("dataset", "=", dataset.toString())
    .where("subject", "=", subject)
    .executeTakeFirst();
  return row?.version;
}

/** Lists the subjects of versions that came since the last look; whoever does so at the same time writes the same. */
async function listSubjects({ db, versions }: Context, dataset: bigint): Promise<void> {
  const asset = dataset.toString();
  const unlisted = await db
    .selectFrom("versions")
    .select("number")
    .where("asset", "=", asset)
    .where("subjects_listed", "=", false)
    .orderBy("number")
    .execute();
  for (const { number } of unlisted) {
    const version = await versions.get(dataset, number);
    if (!version) continue;
    // In one order, so that two who list the same do not wait for each other.
    const subjects = [...version.leaves.keys()].toSorted();
    await db.transaction().execute(async (tx) => {
      await sql`insert into subjects (dataset, subject, version)
        select ${asset}, subject, ${number}::integer from unnest(${subjects}::text[]) as subject
        on conflict (dataset, subject) do update set version = greatest(subjects.version, excluded.version)`.execute(
        tx,
      );
      await tx
        .updateTable("versions")
        .set({ subjects_listed: true })
        .where("asset", "=", asset)
        .where("number", "=", number)
        .execute();
    });
  }
}
