import type { Manifest } from "@salus/sdk/records/manifest";
import type { Db } from "../database/connect.ts";
import { GatewayError } from "../errors/gateway-error.ts";

/** Subjects (lower case) of a dataset who had their records erased. To be asked in the consent line. */
export async function erasedSubjects(tx: Db, dataset: bigint): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom("erasures")
    .select("subject")
    .where("dataset", "=", dataset.toString())
    .execute();
  return new Set<string>(rows.map(({ subject }) => subject));
}

/** An erased subject is in no new version. @throws GATEWAY_SUBJECT_ERASED */
export function assertNobodyErased(manifest: Manifest, erased: ReadonlySet<string>): void {
  const back = manifest.entries.find(({ leaf }) => erased.has(leaf.subject.toLowerCase()));
  if (!back) return;
  throw new GatewayError(
    "GATEWAY_SUBJECT_ERASED",
    `Subject ${back.leaf.subject} had their records in this dataset erased.`,
  );
}
