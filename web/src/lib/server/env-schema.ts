/** One gateway that the browser may reach through `/api/gateway/<name>/…`. */
export interface GatewayAddress {
  /** Lower-case name used in addresses of this site: letters, digits and hyphens. */
  readonly name: string;
  readonly url: string;
}

type Parser<T> = (value: string | undefined) => T;

const GATEWAY_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

function fail(name: string, why: string): never {
  throw new Error(`${name} ${why}`);
}

function parseHttpUrl(name: string, value: string): string {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    fail(name, `must be an http(s) address, got ${JSON.stringify(value)}`);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    fail(name, `must start with http:// or https://, got ${url.protocol}//`);
  }
  if (url.username || url.password) fail(name, "must not contain a user name or password");
  return value.replace(/\/+$/, "");
}

/** A required http(s) address, returned without trailing slashes. */
export function httpUrl(name: string): Parser<string> {
  return (value) => (value ? parseHttpUrl(name, value) : fail(name, "is not set: give an http(s) address"));
}

/** The site's own origin, or undefined; a path after the host is refused. */
export function optionalOrigin(name: string): Parser<string | undefined> {
  return (value) => {
    if (!value) return undefined;
    const url = parseHttpUrl(name, value);
    if (new URL(url).origin !== url)
      fail(name, `must be an origin without a path, e.g. ${new URL(url).origin}`);
    return url;
  };
}

/** A file path, or undefined when the site runs without a deployment. */
export function optionalPath(name: string): Parser<string | undefined> {
  return (value) => {
    if (value !== undefined && value.includes("\0")) fail(name, "must be a file path");
    return value || undefined;
  };
}

/** A positive chain id (EIP-155). */
export function chainId(name: string): Parser<number> {
  return (value) => {
    if (!value) fail(name, "is not set: give the chain's id as a number, e.g. 31337");
    const id = Number(value);
    if (!Number.isSafeInteger(id) || id <= 0)
      fail(name, `must be a positive whole number, got ${JSON.stringify(value)}`);
    return id;
  };
}

/** A JSON list of gateways with distinct names; empty when unset. */
export function gateways(name: string): Parser<GatewayAddress[]> {
  return (value) => {
    if (!value) return [];
    let list: unknown;
    try {
      list = JSON.parse(value);
    } catch {
      fail(name, 'must be JSON like [{"name":"north","url":"http://127.0.0.1:4001"}]');
    }
    if (!Array.isArray(list)) fail(name, "must be a JSON list");
    const parsed = list.map((item, index) => parseGateway(name, item, index));
    const names = new Set(parsed.map((gateway) => gateway.name));
    if (names.size !== parsed.length) fail(name, "names one gateway twice");
    return parsed;
  };
}

function parseGateway(name: string, item: unknown, index: number): GatewayAddress {
  const where = `entry ${index + 1}`;
  if (typeof item !== "object" || item === null) fail(name, `${where} must be an object with name and url`);
  const { name: id, url } = item as Record<string, unknown>;
  if (typeof id !== "string" || !GATEWAY_NAME.test(id)) {
    fail(name, `${where}: name must be lower-case letters, digits and hyphens`);
  }
  if (typeof url !== "string") fail(name, `${where}: url is missing`);
  return { name: id, url: parseHttpUrl(`${name} ${where}: url`, url) };
}
