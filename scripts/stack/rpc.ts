import { StackError } from "./errors.ts";

/**
 * One JSON-RPC call.
 * @returns the `result`, as the caller says it is shaped
 * @throws STACK_RPC when the endpoint cannot be reached or answers with an error
 */
export async function rpc<T>(
  url: string,
  method: string,
  params: unknown[] = [],
  timeoutMs = 10_000,
): Promise<T> {
  let answer: { result?: T; error?: { message: string } };
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    answer = (await response.json()) as typeof answer;
  } catch (cause) {
    throw new StackError("STACK_RPC", `${url} did not answer ${method}.`, { cause });
  }
  if (answer.error) throw new StackError("STACK_RPC", `${method} failed: ${answer.error.message}`);
  return answer.result as T;
}
