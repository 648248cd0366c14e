import { WebError } from "#lib/errors.ts";
import type { GraphClient } from "#lib/graph/client.ts";
import type { ModelDetail, ModelSummary } from "./types.ts";

/** Published models, newest first. */
export async function listModels(_graph: GraphClient): Promise<ModelSummary[]> {
  throw new WebError("WEB_NOT_CONNECTED");
}

/** One model with its lineage; null when there is none of that id. */
export async function readModel(_graph: GraphClient, _id: string): Promise<ModelDetail | null> {
  throw new WebError("WEB_NOT_CONNECTED");
}
