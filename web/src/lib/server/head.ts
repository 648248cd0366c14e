import { reach } from "./upstream.ts";
import type { WebErrorCode } from "#lib/errors.ts";
import type { Heads } from "#lib/chain/heads.ts";

interface HeadSource {
  rpcUrl: string;
  graphUrl: string;
}

/** How long one reading serves all visitors, in ms: a block takes longer on every chain we run on. */
const FRESH_MS = 1000;
const TIMEOUT_MS = 5000;

/** A reader of chain head and indexed head that asks upstream at most once a second. */
export function createHeadReader(source: HeadSource): () => Promise<Heads> {
  let reading: Promise<Heads> | undefined;
  let readAt = 0;
  return () => {
    const now = Date.now();
    if (!reading || now - readAt > FRESH_MS) {
      readAt = now;
      reading = readHeads(source);
    }
    return reading;
  };
}

/** Reads both heads; one that does not answer is null, so that the page can say which of the two is missing. */
export async function readHeads(source: HeadSource): Promise<Heads> {
  const [chain, index] = await Promise.all([
    quietly(() => readChainHead(source.rpcUrl)),
    quietly(() => readIndexHead(source.graphUrl)),
  ]);
  return { chain, index: index?.number ?? null, indexFailed: index?.failed ?? false };
}

async function quietly<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    console.warn(error instanceof Error ? error.message : error);
    return null;
  }
}

async function post(url: string, body: unknown, code: WebErrorCode): Promise<unknown> {
  const answer = await reach(url, code, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return answer.json();
}

async function readChainHead(url: string): Promise<number> {
  const answer = (await post(
    url,
    { jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] },
    "WEB_RPC_UNREACHABLE",
  )) as {
    result?: string;
  };
  return toBlockNumber(Number(answer.result), "eth_blockNumber");
}

async function readIndexHead(url: string): Promise<{ number: number; failed: boolean }> {
  const query = "{ _meta { block { number } hasIndexingErrors } }";
  const answer = (await post(url, { query }, "WEB_GRAPH_UNREACHABLE")) as {
    data?: { _meta?: { block?: { number?: number }; hasIndexingErrors?: boolean } };
  };
  const meta = answer.data?._meta;
  return {
    number: toBlockNumber(Number(meta?.block?.number), "_meta"),
    failed: meta?.hasIndexingErrors ?? false,
  };
}

function toBlockNumber(value: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${what} gave no block number`);
  return value;
}
