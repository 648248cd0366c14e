import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CID } from "multiformats/cid";
import { create } from "multiformats/hashes/digest";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type IpfsRouter, startIpfsRouter } from "./ipfs.ts";

const BODY = '{"title":"a descriptor"}';
const CID_OF_BODY = CID.createV1(0x55, create(0x12, createHash("sha256").update(BODY).digest())).toString();

let router: IpfsRouter;
let gateways: string[];
const servers: Server[] = [];

async function gateway(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeEach(async () => {
  gateways = [];
  router = await startIpfsRouter(await freePort(), () => gateways);
});
afterEach(async () => {
  await router.stop();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

describe("startIpfsRouter", () => {
  it("answers graph-node's probe as a gateway does", async () => {
    const probe = "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn";
    expect((await fetch(`${router.url}/ipfs/${probe}`, { method: "HEAD" })).status).toBe(200);
  });

  it("serves a file from whichever gateway has it", async () => {
    gateways = [await gateway(404, ""), "http://127.0.0.1:1", await gateway(200, BODY)];
    expect(await (await fetch(`${router.url}/ipfs/${CID_OF_BODY}`)).text()).toBe(BODY);
  });

  it("passes no bytes that are not the ones the CID names", async () => {
    gateways = [await gateway(200, '{"title":"forged"}')];
    expect((await fetch(`${router.url}/ipfs/${CID_OF_BODY}`)).status).toBe(404);
    gateways.push(await gateway(200, BODY));
    expect(await (await fetch(`${router.url}/ipfs/${CID_OF_BODY}`)).text()).toBe(BODY);
  });

  it.each(["/", "/ipfs/", "/ipfs/not-a-cid", "/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"])(
    "has nothing at %s",
    async (path) => {
      gateways = [await gateway(200, BODY)];
      expect((await fetch(`${router.url}${path}`)).status).toBe(404);
    },
  );
});
