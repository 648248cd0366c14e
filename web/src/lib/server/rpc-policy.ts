import { WebError } from "#lib/errors.ts";

/** Largest JSON-RPC request body. A signed transaction with calldata of a large batch stays below. */
export const RPC_BODY_LIMIT = 256 * 1024;
const RPC_BATCH_LIMIT = 50;

/** Reads, and one write that carries its own signature. No node administration, no accounts of the node. */
const ALLOWED = new Set([
  "eth_blockNumber",
  "eth_call",
  "eth_chainId",
  "eth_estimateGas",
  "eth_feeHistory",
  "eth_gasPrice",
  "eth_getBalance",
  "eth_getBlockByHash",
  "eth_getBlockByNumber",
  "eth_getCode",
  "eth_getLogs",
  "eth_getStorageAt",
  "eth_getTransactionByHash",
  "eth_getTransactionCount",
  "eth_getTransactionReceipt",
  "eth_maxPriorityFeePerGas",
  "eth_sendRawTransaction",
  "net_version",
  "web3_clientVersion",
]);

/**
 * Checks a JSON-RPC body (one call or a batch of at most 50).
 * @throws WEB_MALFORMED for another shape, WEB_METHOD_REFUSED for a method outside the list
 */
export function checkRpc(body: unknown): void {
  const calls = Array.isArray(body) ? body : [body];
  if (calls.length === 0 || calls.length > RPC_BATCH_LIMIT) {
    throw new WebError("WEB_MALFORMED", { detail: `A batch holds 1 to ${RPC_BATCH_LIMIT} calls.` });
  }
  for (const call of calls) checkCall(call);
}

function checkCall(call: unknown): void {
  const method =
    typeof call === "object" && call !== null ? (call as Record<string, unknown>).method : undefined;
  if (typeof method !== "string") {
    throw new WebError("WEB_MALFORMED", { detail: "Each call needs a method name." });
  }
  if (!ALLOWED.has(method)) {
    throw new WebError("WEB_METHOD_REFUSED", { detail: `Method ${method.slice(0, 64)} is not passed on.` });
  }
}
