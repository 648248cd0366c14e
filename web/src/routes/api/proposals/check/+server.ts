import * as v from "valibot";
import { WebError } from "#lib/errors.ts";
import { readJson } from "#lib/server/body.ts";
import { checkCalls } from "#lib/server/governance/check-calls.ts";
import { serverReader } from "#lib/server/governance/chain.ts";
import { readPublicConfig } from "#lib/server/public-config.ts";
import { respond } from "#lib/server/respond.ts";
import type { RequestHandler } from "./$types";

const BODY_LIMIT = 128 * 1024;
const MAX_CALLS = 20;

const hex = (pattern: RegExp) =>
  v.custom<`0x${string}`>((value) => typeof value === "string" && pattern.test(value));
const Calls = v.pipe(
  v.array(
    v.object({
      target: hex(/^0x[0-9a-f]{40}$/i),
      data: hex(/^0x(?:[0-9a-f]{2})*$/i),
      value: v.optional(
        v.pipe(
          v.string(),
          v.regex(/^\d{1,30}$/),
          v.transform((digits) => BigInt(digits)),
        ),
      ),
    }),
  ),
  v.minLength(1),
  v.maxLength(MAX_CALLS),
);

/** Decodes the calls of a draft and says what they would do if they were carried out now. */
export const POST: RequestHandler = ({ request }) =>
  respond(async () => {
    const parsed = v.safeParse(v.object({ calls: Calls }), await readJson(request, BODY_LIMIT));
    if (!parsed.success)
      throw new WebError("WEB_MALFORMED", { detail: `Send 1 to ${MAX_CALLS} calls with target and data.` });
    const config = await readPublicConfig();
    const calls = parsed.output.calls.map(({ target, data, value }) => ({
      target,
      data,
      ...(value !== undefined && { value }),
    }));
    const view = await checkCalls(serverReader(config), calls, config);
    return Response.json(view, { headers: { "cache-control": "no-store" } });
  });
