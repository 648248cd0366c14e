import { ORIGIN, SALUS_CHAIN_ID, SALUS_DEPLOYMENT, SALUS_GATEWAYS } from "$app/env/private";
import type { Handle, HandleServerError, ServerInit } from "@sveltejs/kit/hooks";
import { WebError } from "#lib/errors.ts";
import { readStaticConfig } from "#lib/server/config.ts";
import { errorBody } from "#lib/error-body.ts";
import { checkOrigin } from "#lib/server/origin.ts";
import { respond } from "#lib/server/respond.ts";
import { securityHeaders } from "#lib/server/security-headers.ts";
import { parseTheme, THEME_COOKIE } from "#lib/theme.ts";

/** Reads the deployment once, so that a wrong file stops the start and not the first visitor. */
export const init: ServerInit = () => {
  readStaticConfig({ deployment: SALUS_DEPLOYMENT, chainId: SALUS_CHAIN_ID, gateways: SALUS_GATEWAYS });
};

export const handle: Handle = async ({ event, resolve }) => {
  const theme = parseTheme(event.cookies.get(THEME_COOKIE));
  event.locals.theme = theme;
  const response = await respond(async () => {
    checkOrigin(event.request, ORIGIN);
    return resolve(event, {
      // Apollo reads it of every answer; a header that is not named here may not be read while a page is rendered.
      filterSerializedResponseHeaders: (name) => name === "content-type",
      transformPageChunk: ({ html }) => html.replace("%salus.theme%", theme),
    });
  });
  for (const [name, value] of Object.entries(securityHeaders(ORIGIN))) {
    if (!response.headers.has(name)) response.headers.set(name, value);
  }
  return response;
};

export const handleError: HandleServerError = (caught) => {
  if (caught.kind === "unknown" && !(caught.error instanceof WebError)) console.error(caught.error);
  return errorBody(caught);
};
