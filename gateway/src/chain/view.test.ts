import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { CONTRACT_NAMES } from "@salus/sdk/generated/abis";
import type { Deployment } from "@salus/sdk/chain/deployment";
import { openChainView } from "./view.ts";

const contracts = Object.fromEntries(CONTRACT_NAMES.map((name) => [name, `0x${"11".repeat(20)}`]));
const deployment = { chainId: 31337, startBlock: 0, contracts } as unknown as Deployment;

const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done)))));

/** An endpoint that knows blocks up to `head`; the hash of block n is n and the chain's letter repeated. */
async function endpoint(chain: {
  head: number;
  finalized: number;
  letter: string;
  forkAt?: number;
}): Promise<string> {
  const { head, finalized, letter, forkAt = 0 } = chain;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      const { id, params } = JSON.parse(body) as { id: number; params: [string] };
      const number =
        params[0] === "latest" ? head : params[0] === "finalized" ? finalized : Number(params[0]);
      const mark = number >= forkAt ? letter : "a";
      const hash = `0x${number.toString(16).padStart(8, "0")}${mark.repeat(56)}`;
      const block = { number: `0x${number.toString(16)}`, hash, timestamp: "0x64", transactions: [] };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ jsonrpc: "2.0", id, result: number <= head ? block : null }));
    });
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("the view of the chain", () => {
  it("through one endpoint is what that one says", async () => {
    const view = openChainView(deployment, [await endpoint({ head: 9, finalized: 7, letter: "a" })]);
    const { head, finalized } = await view.snapshot();
    expect([head.number, finalized.number, head.time]).toEqual([9n, 7n, 100]);
  });

  it("through two is what both have, though one is ahead", async () => {
    const urls = [
      await endpoint({ head: 12, finalized: 7, letter: "a" }),
      await endpoint({ head: 11, finalized: 8, letter: "a" }),
    ];
    const { head, finalized } = await openChainView(deployment, urls).snapshot();
    expect([head.number, finalized.number]).toEqual([11n, 7n]);
  });

  it("is refused when two endpoints are on different forks, at the head or at finality", async () => {
    const one = await endpoint({ head: 11, finalized: 7, letter: "a" });
    for (const forkAt of [11, 7]) {
      const other = await endpoint({ head: 11, finalized: 7, letter: "b", forkAt });
      const view = openChainView(deployment, [one, other]);
      await expect(view.snapshot()).rejects.toMatchObject({ code: "GATEWAY_RPC_DISAGREEMENT" });
    }
  });

  it("is refused when two endpoints answer a read differently", async () => {
    const one = await endpoint({ head: 11, finalized: 7, letter: "a" });
    const other = await endpoint({ head: 12, finalized: 7, letter: "a" });
    const view = openChainView(deployment, [one, other]);
    const read = view.read(({ publicClient }) => publicClient.getBlock().then(({ number }) => number));
    await expect(read).rejects.toMatchObject({ code: "GATEWAY_RPC_DISAGREEMENT" });
  });

  it("says so when an endpoint is away", async () => {
    const view = openChainView(deployment, ["http://127.0.0.1:1"]);
    await expect(view.snapshot()).rejects.toMatchObject({ code: "GATEWAY_CHAIN_UNAVAILABLE" });
  });
});
