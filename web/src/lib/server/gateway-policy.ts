import type { GatewayAddress } from "./env-schema.ts";
import { WebError } from "#lib/errors.ts";

/** Largest upload passed to a gateway in one request; clients send larger content as several blocks. */
export const GATEWAY_BODY_LIMIT = 32 * 1024 * 1024;

/** What a gateway needs to read and authenticate a request; cookies and client hints stay here. */
const REQUEST_HEADERS = ["accept", "authorization", "content-type", "idempotency-key"];
const REQUEST_PREFIX = "x-salus-";

const RESPONSE_HEADERS = ["content-type", "etag", "retry-after", "last-modified"];

/** A gateway's answer appears under this site's origin, so only types that no browser runs keep their name. */
const INERT_TYPES =
  /^(application\/(json|problem\+json|x-ndjson|octet-stream|vnd\.ipld\.(raw|car))|text\/plain)\s*(;|$)/i;

/** The gateway of that name. @throws WEB_GATEWAY_UNKNOWN */
export function findGateway(gateways: readonly GatewayAddress[], name: string): GatewayAddress {
  const found = gateways.find((gateway) => gateway.name === name);
  if (!found) throw new WebError("WEB_GATEWAY_UNKNOWN", { detail: `Asked for ${name.slice(0, 64)}.` });
  return found;
}

/**
 * The address at a gateway that a request to this site stands for.
 * @param path decoded path after the gateway's name
 * @throws WEB_GATEWAY_PATH when the path could leave the gateway's own address space
 */
export function gatewayUrl(gateway: GatewayAddress, path: string, search: string): URL {
  const parts = path.split("/");
  if (!parts.every(isPlainPart)) {
    throw new WebError("WEB_GATEWAY_PATH");
  }
  const url = new URL(`${gateway.url}/${parts.map(encodeURIComponent).join("/")}`);
  url.search = search;
  return url;
}

/** A path part without a second reading: no dots as a folder, no backslash, no escape, nothing unprintable. */
function isPlainPart(part: string): boolean {
  return part !== "." && part !== ".." && /^[^\\%\p{Cc}]+$/u.test(part);
}

/** The request headers that go on to a gateway. */
export function forwardedRequestHeaders(headers: Headers): Headers {
  const kept = new Headers();
  for (const [name, value] of headers) {
    if (REQUEST_HEADERS.includes(name) || name.startsWith(REQUEST_PREFIX)) kept.set(name, value);
  }
  return kept;
}

/** The response headers that come back, with everything a browser could run made inert. */
export function forwardedResponseHeaders(headers: Headers): Headers {
  const kept = new Headers({
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
  });
  for (const name of RESPONSE_HEADERS) {
    const value = headers.get(name);
    if (value !== null) kept.set(name, value);
  }
  const type = kept.get("content-type");
  if (type !== null && !INERT_TYPES.test(type)) kept.set("content-type", "application/octet-stream");
  return kept;
}
