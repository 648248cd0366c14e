import { encryptionRows } from "./records/encrypt.ts";
import { listingRows } from "./records/list.ts";
import type { BenchRow } from "./row.ts";

/** Records: encryption of large ones, and listing a hundred thousand. */
export async function rows(): Promise<BenchRow[]> {
  return [...(await encryptionRows()), ...(await listingRows())];
}
