import { toErrorView, WebError } from "#lib/errors.ts";

/** Runs an endpoint and turns what it throws into `{code, message, hint}` with the right status. */
export async function respond(run: () => Promise<Response>): Promise<Response> {
  try {
    return await run();
  } catch (thrown) {
    const status = thrown instanceof WebError ? thrown.status : 500;
    if (status >= 500) console.error(thrown);
    const { code, message, hint, detail } = toErrorView(thrown);
    // The message of an unforeseen error may hold anything, so only errors from our table keep their detail.
    const body =
      thrown instanceof WebError && detail !== undefined
        ? { code, message, hint, detail }
        : { code, message, hint };
    return Response.json(body, { status, headers: { "cache-control": "no-store" } });
  }
}
