import { WebError } from "#lib/errors.ts";
import type { GraphClient } from "#lib/graph/client.ts";
import type { DatasetDetail, DatasetSummary } from "./types.ts";

/** What a search asks for; empty fields ask for nothing. */
export interface DatasetFilter {
  /** Words of a condition. */
  condition: string;
  /** Name of a use of `ACTIVITIES`: only datasets that permit it. */
  purpose: string;
  /** Highest price, in whole units of the token; text as typed. */
  maxPrice: string;
}

/** Reads a filter from a page's address. */
export function filterFrom(query: URLSearchParams): DatasetFilter {
  const text = (name: string) => (query.get(name) ?? "").trim().slice(0, 200);
  return { condition: text("condition"), purpose: text("purpose"), maxPrice: text("price") };
}

/** Datasets that match, newest first. */
export async function searchDatasets(_graph: GraphClient, _filter: DatasetFilter): Promise<DatasetSummary[]> {
  throw new WebError("WEB_NOT_CONNECTED");
}

/** One dataset with everything its page shows; null when there is none of that id. */
export async function readDataset(_graph: GraphClient, _id: string): Promise<DatasetDetail | null> {
  throw new WebError("WEB_NOT_CONNECTED");
}
