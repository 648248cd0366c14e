import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Hex } from "viem";

/** What an endpoint claims of the chain. */
export type Claims = {
  head: number;
  finalized: number;
  /** the hash of block n is n and this letter repeated, from `forkAt` on; `a` before */
  letter?: string;
  forkAt?: number;
  chainId?: number;
  /** answer to `eth_call` */
  call?: Hex;
  /** answer to `eth_getLogs` */
  logs?: object[];
};

type Call = { id: number; method: string; params: [string | { blockHash?: Hex }, ...unknown[]] };

const servers = new Set<Server>();

/** A JSON-RPC endpoint over HTTP that claims what it is told to; ended by {@link closeEndpoints}. */
export async function openEndpoint(claims: Claims): Promise<string> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      const call = JSON.parse(body) as Call;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ jsonrpc: "2.0", id: call.id, result: answer(claims, call) }));
    });
  });
  servers.add(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends every endpoint that was opened. */
export async function closeEndpoints(): Promise<void> {
  const open = [...servers];
  servers.clear();
  await Promise.all(
    open.map((server) => {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      return closed;
    }),
  );
}

/** The hash of a block on a fork. */
export function hashOf(number: number, letter = "a"): Hex {
  return `0x${number.toString(16).padStart(8, "0")}${letter.repeat(56)}`;
}

function answer(claims: Claims, { method, params }: Call): unknown {
  if (method === "eth_chainId") return `0x${(claims.chainId ?? 31337).toString(16)}`;
  if (method === "eth_blockNumber") return `0x${claims.head.toString(16)}`;
  if (method === "eth_call") return claims.call;
  if (method === "eth_getLogs") return claims.logs ?? [];
  const { head, finalized, letter = "a", forkAt = 0 } = claims;
  const tag = params[0] as string;
  const number = tag === "latest" ? head : tag === "finalized" ? finalized : Number(tag);
  if (number > head) return null;
  const hash = hashOf(number, number >= forkAt ? letter : "a");
  return { number: `0x${number.toString(16)}`, hash, timestamp: "0x64", transactions: [] };
}
