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
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions) {
    if (definition.kind === "FragmentDefinition")
      fragments.set(definition.name.value, definition.selectionSet);
  }
  const heightOf = createHeightOf(fragments);
  for (const definition of document.definitions) {
    if (definition.kind === "OperationDefinition" && definition.operation !== "query") {
      throw new WebError("WEB_METHOD_REFUSED", { detail: "Only queries are passed on." });
    }
    if (
      "selectionSet" in definition &&
      definition.selectionSet &&
      heightOf(definition.selectionSet) > MAX_DEPTH
    ) {
      throw new WebError("WEB_METHOD_REFUSED", { detail: `Nested deeper than ${MAX_DEPTH}.` });
    }
  }
}

/**
 * Measures how deep a selection nests, fragments included. Each fragment is measured once, so that fragments
 * which spread each other many times cost no more than their text; one that contains itself is refused.
 */
function createHeightOf(fragments: ReadonlyMap<string, SelectionSetNode>): (set: SelectionSetNode) => number {
  const known = new Map<string, number>();
  const open = new Set<string>();
  const fragmentHeight = (name: string): number => {
    const set = fragments.get(name);
    if (!set) return 0; // The index refuses a fragment that does not exist.
    const seen = known.get(name);
    if (seen !== undefined) return seen;
    if (open.has(name)) throw new WebError("WEB_METHOD_REFUSED", { detail: "A fragment contains itself." });
    open.add(name);
    const height = heightOf(set) - 1;
    open.delete(name);
    known.set(name, height);
    return height;
  };
  const heightOf = (set: SelectionSetNode): number => {
    const below = set.selections.map((selection) => {
      if (selection.kind === "FragmentSpread") return fragmentHeight(selection.name.value);
      if (selection.kind === "InlineFragment") return heightOf(selection.selectionSet) - 1;
      return selection.selectionSet ? heightOf(selection.selectionSet) : 0;
    });
    return 1 + Math.max(0, ...below);
  };
  return heightOf;
}
