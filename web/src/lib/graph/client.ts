import {
  ApolloClient,
  HttpLink,
  InMemoryCache,
  type OperationVariables,
  type TypedDocumentNode,
} from "@apollo/client";
import { toErrorView, WebError, type ErrorView } from "#lib/errors.ts";

export type GraphClient = ApolloClient;

/**
 * The client of the subgraph for one visitor. Requests go to this site's own `/api/graph`.
 * @param fetcher Kit's `fetch` of a load function, so that what the server read is not read again by the browser
 */
export function createGraphClient(fetcher: typeof fetch, ssr: boolean): GraphClient {
  return new ApolloClient({
    ssrMode: ssr,
    link: new HttpLink({ uri: "/api/graph", fetch: fetcher }),
    cache: new InMemoryCache(),
  });
}

/**
 * Asks one question.
 * @param fresh skip what is cached: for pages that follow something changing
 * @throws WEB_GRAPH_UNREACHABLE, WEB_GRAPH_FAILED or what this site's server answered
 */
export async function ask<Data, Variables extends OperationVariables>(
  client: GraphClient,
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  fresh = true,
): Promise<Data> {
  try {
    const { data } = await client.query({
      query,
      variables,
      // graph-node sends no data at all beside an error, so partial results cannot occur.
      errorPolicy: "none",
      fetchPolicy: fresh ? "network-only" : "cache-first",
    } as ApolloClient.QueryOptions<Data, Variables>);
    if (data === undefined) throw new WebError("WEB_GRAPH_FAILED", { detail: "The answer holds no data." });
    return data;
  } catch (thrown) {
    throw graphError(thrown);
  }
}

/** Names what went wrong: our own server's error in the body, the index's refusal, or no answer. */
function graphError(thrown: unknown): WebError | ErrorView {
  if (thrown instanceof WebError) return thrown;
  const { name, message, bodyText } = thrown as { name?: string; message?: string; bodyText?: string };
  if (name === "CombinedGraphQLErrors")
    return new WebError("WEB_GRAPH_FAILED", { detail: message, cause: thrown });
  if (bodyText)
    return toErrorView(parseBody(bodyText) ?? new WebError("WEB_GRAPH_UNREACHABLE", { cause: thrown }));
  return new WebError("WEB_GRAPH_UNREACHABLE", { cause: thrown });
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
