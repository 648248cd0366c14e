import { WebError } from "#lib/errors.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses writes that another website makes through a visitor's browser. Browsers send `Origin` with every
 * cross-site write; a request without it comes from a program and carries no one else's standing.
 * @param origin the site's own origin; when unset the request's Host header is compared
 * @throws WEB_FOREIGN_ORIGIN
 */
export function checkOrigin(request: Request, origin: string | undefined): void {
  if (SAFE_METHODS.has(request.method)) return;
  const from = request.headers.get("origin");
  if (from === null) return;
  const host = hostOf(from);
  // An opaque origin ("null") has no host and must not equal a request without one.
  const own = origin === undefined ? host !== null && host === request.headers.get("host") : from === origin;
  if (!own) throw new WebError("WEB_FOREIGN_ORIGIN");
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
