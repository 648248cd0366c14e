import { WebError, type WebErrorCode } from "#lib/errors.ts";

/** Posts JSON to a service behind this site and hands its answer on. @throws `code` when it does not answer */
export async function postJson(
  url: string,
  body: unknown,
  code: WebErrorCode,
  timeoutMs: number,
): Promise<Response> {
  const answer = await reach(url, code, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  return new Response(answer.body, {
    status: answer.status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}

/** `fetch` that names the service in its error and never follows a redirect out of it. */
export async function reach(url: string | URL, code: WebErrorCode, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: "manual" });
  } catch (cause) {
    const tooLarge = findWebError(cause);
    if (tooLarge) throw tooLarge;
    throw new WebError(code, { cause });
  }
}

/** A body that grew over its limit aborts the upstream request; that reason is the one to report. */
function findWebError(thrown: unknown): WebError | undefined {
  if (thrown instanceof WebError) return thrown;
  return thrown instanceof Error && thrown.cause !== undefined ? findWebError(thrown.cause) : undefined;
}
