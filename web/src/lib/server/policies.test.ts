import { describe, expect, it } from "vitest";
import { WebError } from "../errors.ts";
import { readText } from "./body.ts";
import {
  findGateway,
  forwardedRequestHeaders,
  forwardedResponseHeaders,
  gatewayUrl,
} from "./gateway-policy.ts";
import { checkGraph } from "./graph-policy.ts";
import { checkOrigin } from "./origin.ts";
import { checkRpc } from "./rpc-policy.ts";

/** The code with which `run` fails. */
function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof WebError) return error.code;
    throw error;
  }
  return "nothing thrown";
}

const call = (method: string) => ({ jsonrpc: "2.0", id: 1, method, params: [] });

describe("JSON-RPC policy", () => {
  it.each(["eth_call", "eth_sendRawTransaction", "eth_getLogs"])("passes %s on", (method) => {
    expect(() => checkRpc(call(method))).not.toThrow();
  });
  it.each([
    "eth_sendTransaction",
    "eth_accounts",
    "personal_sign",
    "anvil_setBalance",
    "evm_mine",
    "debug_traceTransaction",
    "toString",
  ])("refuses %s", (method) => expect(codeOf(() => checkRpc(call(method)))).toBe("WEB_METHOD_REFUSED"));
  it("looks at every call of a batch and bounds it", () => {
    expect(codeOf(() => checkRpc([call("eth_call"), call("anvil_mine")]))).toBe("WEB_METHOD_REFUSED");
    expect(codeOf(() => checkRpc(Array(51).fill(call("eth_call"))))).toBe("WEB_MALFORMED");
    expect(codeOf(() => checkRpc([]))).toBe("WEB_MALFORMED");
    expect(codeOf(() => checkRpc("eth_call"))).toBe("WEB_MALFORMED");
  });
});

describe("GraphQL policy", () => {
  it("passes queries on and drops everything else of the body", () => {
    expect(checkGraph({ query: "{ a }", variables: { x: 1 }, extensions: {} })).toEqual({
      query: "{ a }",
      variables: { x: 1 },
    });
  });
  it("refuses mutations, also beside a query, and subscriptions", () => {
    expect(codeOf(() => checkGraph({ query: "mutation { a }" }))).toBe("WEB_METHOD_REFUSED");
    expect(codeOf(() => checkGraph({ query: "query A { a } mutation B { b }", operationName: "A" }))).toBe(
      "WEB_METHOD_REFUSED",
    );
    expect(codeOf(() => checkGraph({ query: "subscription { a }" }))).toBe("WEB_METHOD_REFUSED");
  });
  it("refuses what is nested deeper than 12, also in a fragment", () => {
    const nested = (depth: number) => "{ a ".repeat(depth) + "}".repeat(depth);
    expect(() => checkGraph({ query: nested(12) })).not.toThrow();
    expect(codeOf(() => checkGraph({ query: nested(13) }))).toBe("WEB_METHOD_REFUSED");
    expect(codeOf(() => checkGraph({ query: `{ ...F } fragment F on T ${nested(13)}` }))).toBe(
      "WEB_METHOD_REFUSED",
    );
    const chained = `{ a { ...F } } fragment F on T ${nested(12)}`;
    expect(codeOf(() => checkGraph({ query: chained }))).toBe("WEB_METHOD_REFUSED");
  });
  it("measures fragments that multiply, and refuses one that contains itself", () => {
    const doubling = Array.from(
      { length: 60 },
      (_, at) => `fragment F${at} on T { ...F${at + 1} ...F${at + 1} }`,
    ).join(" ");
    expect(() => checkGraph({ query: `{ ...F0 } ${doubling}` })).not.toThrow();
    expect(codeOf(() => checkGraph({ query: "{ ...F } fragment F on T { a { ...F } }" }))).toBe(
      "WEB_METHOD_REFUSED",
    );
  });
  it("names what cannot be read", () => {
    expect(codeOf(() => checkGraph({ query: "{" }))).toBe("WEB_MALFORMED");
    expect(codeOf(() => checkGraph([{ query: "{ a }" }]))).toBe("WEB_MALFORMED");
  });
});

describe("gateway policy", () => {
  const gateway = { name: "north", url: "http://127.0.0.1:4001/base" };
  it("knows gateways by name only", () => {
    expect(findGateway([gateway], "north")).toBe(gateway);
    expect(codeOf(() => findGateway([gateway], "http://evil"))).toBe("WEB_GATEWAY_UNKNOWN");
  });
  it("keeps paths inside the gateway", () => {
    expect(gatewayUrl(gateway, "jobs/1", "?a=b").href).toBe("http://127.0.0.1:4001/base/jobs/1?a=b");
    for (const path of ["..", "a/../b", "a//b", "./a", "a\\b", "a/%2e%2e/b", "", "a/\u0000"]) {
      expect(codeOf(() => gatewayUrl(gateway, path, ""))).toBe("WEB_GATEWAY_PATH");
    }
    expect(gatewayUrl(gateway, "@evil.example/x", "").host).toBe("127.0.0.1:4001");
  });
  it("forwards no cookie and no client hint", () => {
    const kept = forwardedRequestHeaders(
      new Headers({
        cookie: "a=b",
        "user-agent": "x",
        authorization: "Bearer t",
        "content-type": "a/b",
        "x-salus-nonce": "1",
      }),
    );
    expect([...kept.keys()].sort()).toEqual(["authorization", "content-type", "x-salus-nonce"]);
  });
  it("makes everything inert that a browser could run", () => {
    for (const type of [
      "text/html",
      "image/svg+xml",
      "application/xhtml+xml",
      "text/javascript",
      "application/jsonp",
    ]) {
      expect(forwardedResponseHeaders(new Headers({ "content-type": type })).get("content-type")).toBe(
        "application/octet-stream",
      );
    }
    const kept = forwardedResponseHeaders(
      new Headers({ "content-type": "application/json; charset=utf-8", "set-cookie": "a=b" }),
    );
    expect(kept.get("content-type")).toBe("application/json; charset=utf-8");
    expect(kept.get("set-cookie")).toBeNull();
    expect(kept.get("content-security-policy")).toContain("sandbox");
  });
});

describe("origin check", () => {
  const post = (headers: Record<string, string>) =>
    new Request("http://site.example/api/rpc", { method: "POST", headers });
  it("refuses writes from other sites", () => {
    expect(codeOf(() => checkOrigin(post({ origin: "https://evil.example" }), "https://site.example"))).toBe(
      "WEB_FOREIGN_ORIGIN",
    );
    expect(codeOf(() => checkOrigin(post({ origin: "null" }), undefined))).toBe("WEB_FOREIGN_ORIGIN");
  });
  it("passes own writes, programs and reads", () => {
    expect(() => checkOrigin(post({ origin: "https://site.example" }), "https://site.example")).not.toThrow();
    expect(() => checkOrigin(post({}), "https://site.example")).not.toThrow();
    const read = new Request("http://site.example/", { headers: { origin: "https://evil.example" } });
    expect(() => checkOrigin(read, "https://site.example")).not.toThrow();
  });
});

describe("size limit", () => {
  const request = (size: number) => new Request("http://x", { method: "POST", body: "x".repeat(size) });
  it("lets exactly the limit pass and no byte more", async () => {
    expect(await readText(request(10), 10)).toHaveLength(10);
    await expect(readText(request(11), 10)).rejects.toMatchObject({ code: "WEB_TOO_LARGE" });
  });
});
