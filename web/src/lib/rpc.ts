import { WebError, type ErrorView } from "./errors.ts";

type Fetch = typeof fetch;

/**
 * One JSON-RPC call through this site's own `/api/rpc`. Small on purpose: pages that only watch a transaction
 * need no chain library.
 * @throws WEB_OFFLINE, the server's own error, or WEB_RPC_UNREACHABLE with the node's message
 */
export async function rpc<T>(fetcher: Fetch, method: string, params: unknown[]): Promise<T> {
  const answer = await send(fetcher, { jsonrpc: "2.0", id: 1, method, params });
  const body = (await answer.json()) as { result?: T; error?: { message?: string } } & Partial<ErrorView>;
  if (!answer.ok) throw body;
  if (body.error)
    throw new WebError("WEB_RPC_UNREACHABLE", { detail: body.error.message ?? "unknown error" });
  return body.result as T;
}

async function send(fetcher: Fetch, body: unknown): Promise<Response> {
  try {
    return await fetcher("/api/rpc", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch (cause) {
    throw new WebError("WEB_OFFLINE", { cause });
  }
}

/** Time of the chain's latest block in seconds: deadlines are compared with it, not with this device's clock. */
export async function readChainTime(fetcher: Fetch): Promise<number> {
  const block = await rpc<{ timestamp: string }>(fetcher, "eth_getBlockByNumber", ["latest", false]);
  return Number(block.timestamp);
}

/** What became of a transaction: null while it is not in a block. */
export interface Inclusion {
  block: number;
  succeeded: boolean;
}

/** Looks a transaction up by its hash. */
export async function readInclusion(fetcher: Fetch, hash: `0x${string}`): Promise<Inclusion | null> {
  const receipt = await rpc<{ blockNumber: string; status: string } | null>(
    fetcher,
    "eth_getTransactionReceipt",
    [hash],
  );
  return receipt && { block: Number(receipt.blockNumber), succeeded: receipt.status === "0x1" };
}
