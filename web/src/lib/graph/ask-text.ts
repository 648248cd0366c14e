import type { QueryText } from "@salus/sdk/generated/queryTexts";
import { toErrorView, WebError } from "#lib/errors.ts";

/**
 * Asks the index one question without a client library: for patient pages, which must stay small, and for actions.
 * @throws WEB_OFFLINE, WEB_GRAPH_FAILED, or what this site's server answered
 */
export async function askText<Answer, Variables>(
  query: QueryText<Answer, Variables>,
  variables: Variables,
): Promise<Answer> {
  const answer = await post({ query, variables });
  const body = (await answer.json().catch(() => null)) as {
    data?: Answer;
    errors?: { message: string }[];
  } | null;
  if (!answer.ok) throw toErrorView(body ?? new WebError("WEB_GRAPH_UNREACHABLE"));
  if (!body?.data)
    throw new WebError("WEB_GRAPH_FAILED", { detail: body?.errors?.[0]?.message ?? "no data" });
  return body.data;
}

async function post(body: unknown): Promise<Response> {
  try {
    return await fetch("/api/graph", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch (cause) {
    throw new WebError("WEB_OFFLINE", { cause });
  }
}
