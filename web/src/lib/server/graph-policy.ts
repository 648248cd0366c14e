import { parse, type DocumentNode, type SelectionSetNode } from "graphql";
import { WebError } from "#lib/errors.ts";

export const GRAPH_BODY_LIMIT = 64 * 1024;
/** Deeper than any query of this site; a bound on what a stranger can make the index do. */
const MAX_DEPTH = 12;

/** The part of a GraphQL request that is passed on. */
export interface GraphRequest {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

/**
 * Checks a GraphQL request: one document of queries only, nested at most 12 deep.
 * @throws WEB_MALFORMED, WEB_METHOD_REFUSED
 */
export function checkGraph(body: unknown): GraphRequest {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new WebError("WEB_MALFORMED", { detail: "Send one object with a query." });
  }
  const { query, variables, operationName } = body as Record<string, unknown>;
  if (typeof query !== "string") throw new WebError("WEB_MALFORMED", { detail: "The query is missing." });
  checkDocument(parseQuery(query));
  return {
    query,
    ...(typeof variables === "object" &&
      variables !== null && { variables: variables as Record<string, unknown> }),
    ...(typeof operationName === "string" && { operationName }),
  };
}

function parseQuery(query: string): DocumentNode {
  try {
    return parse(query, { noLocation: true, maxTokens: 4000 });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : "The query does not parse.";
    throw new WebError("WEB_MALFORMED", { detail, cause });
  }
}

function checkDocument(document: DocumentNode): void {
  for (const definition of document.definitions) {
    if (definition.kind === "OperationDefinition" && definition.operation !== "query") {
      throw new WebError("WEB_METHOD_REFUSED", { detail: "Only queries are passed on." });
    }
    if ("selectionSet" in definition && definition.selectionSet) checkDepth(definition.selectionSet, 1);
  }
}

function checkDepth(set: SelectionSetNode, depth: number): void {
  if (depth > MAX_DEPTH)
    throw new WebError("WEB_METHOD_REFUSED", { detail: `Nested deeper than ${MAX_DEPTH}.` });
  for (const selection of set.selections) {
    if ("selectionSet" in selection && selection.selectionSet) checkDepth(selection.selectionSet, depth + 1);
  }
}
