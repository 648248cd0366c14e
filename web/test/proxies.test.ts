import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isBuilt, startSite, type Site } from "./site.ts";

const PORT = 22320;

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  bytes: number;
}

describe.skipIf(!isBuilt)("proxies of the built site (skipped until `npm run build -w web` has run)", () => {
  let upstream: Server;
  let site: Site;
  let seen: Seen[] = [];

  beforeAll(async () => {
    // Stands for chain, index and gateway at once: what matters here is what reaches them, and what comes back.
    upstream = createServer((request, response) => {
      let bytes = 0;
      request.on("data", (chunk: Buffer) => (bytes += chunk.length));
      request.on("end", () => {
        seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, bytes });
        if (request.url === "/page") response.setHeader("content-type", "text/html");
        else response.setHeader("content-type", "application/json");
        if (request.url === "/away") response.writeHead(302, { location: "http://evil.example/" });
        response.end('{"jsonrpc":"2.0","id":1,"result":"0x2a"}');
      });
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    site = await startSite(PORT, {
      SALUS_RPC_URL: `${url}/rpc`,
      SALUS_SUBGRAPH_URL: `${url}/graph`,
      SALUS_CHAIN_ID: "31337",
      SALUS_GATEWAYS: JSON.stringify([{ name: "north", url }]),
    });
  }, 60_000);
  afterAll(async () => {
    await site?.stop();
    await new Promise((resolve) => upstream.close(resolve));
  });

  async function send(path: string, init: RequestInit = {}) {
    seen = [];
    const answer = await fetch(site.origin + path, { redirect: "manual", ...init });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }
  const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

  it("pass an allowed chain call on and stop another before it leaves", async () => {
    expect(await send("/api/rpc", json({ method: "eth_blockNumber", id: 1, params: [] }))).toMatchObject({
      status: 200,
    });
    expect(seen.map((one) => one.url)).toEqual(["/rpc"]);
    const refused = await send("/api/rpc", json({ method: "anvil_setBalance", id: 1, params: [] }));
    expect([refused.status, JSON.parse(refused.text).code, seen]).toEqual([403, "WEB_METHOD_REFUSED", []]);
  });

  it("refuse a write that another website makes, with the site's own headers on the answer", async () => {
    const answer = await send("/api/graph", json({ query: "{ a }" }, { origin: "https://evil.example" }));
    expect([answer.status, JSON.parse(answer.text).code, seen]).toEqual([403, "WEB_FOREIGN_ORIGIN", []]);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("pass an upload above the server's own default on, and stop one above the limit", async () => {
    const put = (bytes: number) =>
      send("/api/gateway/north/blocks/abc?x=1", {
        method: "PUT",
        headers: { "content-type": "application/octet-stream", cookie: "a=b", authorization: "Bearer t" },
        body: new Uint8Array(bytes),
      });
    expect((await put(2_000_000)).status).toBe(200);
    expect(seen[0]).toMatchObject({ method: "PUT", url: "/blocks/abc?x=1", bytes: 2_000_000 });
    expect(seen[0]?.headers).toMatchObject({ authorization: "Bearer t" });
    expect(seen[0]?.headers["cookie"]).toBeUndefined();
    const large = await put(32 * 1024 * 1024 + 1);
    expect([large.status, JSON.parse(large.text).code]).toEqual([413, "WEB_TOO_LARGE"]);
  });

  it("never serve a gateway's page as a page of this site, nor follow it elsewhere", async () => {
    const page = await send("/api/gateway/north/page");
    expect(page.headers.get("content-type")).toBe("application/octet-stream");
    expect(page.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    const away = await send("/api/gateway/north/away");
    expect([away.status, away.headers.get("location")]).toEqual([302, null]);
  });

  it("stay inside a known gateway", async () => {
    for (const path of [
      "/api/gateway/south/health",
      "/api/gateway/north/..%2f..%2fadmin",
      "/api/gateway/north/a%252fb",
    ]) {
      expect([400, 404]).toContain((await send(path)).status);
      expect(seen).toEqual([]);
    }
  });

  it("serve pages under a policy that names this origin alone", async () => {
    const policy = (await send("/about")).headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self' 'nonce-[^']+'(;|$)/);
    expect(policy).not.toMatch(/https?:|unsafe-inline|unsafe-eval|\*/);
  });
});

describe.skipIf(!isBuilt)("settings of the built site", () => {
  it("that are missing stop the start, by name", async () => {
    await expect(startSite(PORT + 1, { SALUS_CHAIN_ID: "31337" })).rejects.toThrow(/SALUS_RPC_URL/);
  });
  it("that name an unreadable deployment file stop the start", async () => {
    const env = {
      SALUS_RPC_URL: "http://127.0.0.1:9",
      SALUS_SUBGRAPH_URL: "http://127.0.0.1:9",
      SALUS_CHAIN_ID: "1",
    };
    await expect(startSite(PORT + 2, { ...env, SALUS_DEPLOYMENT: "/no/such/file.json" })).rejects.toThrow(
      /SALUS_DEPLOYMENT/,
    );
  });
});
