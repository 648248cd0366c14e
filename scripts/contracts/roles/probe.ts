import {
  encodeFunctionData,
  decodeErrorResult,
  toFunctionSignature,
  type Abi,
  type AbiFunction,
  type AbiParameter,
  type Address,
  type Hex,
} from "viem";

/** What a contract answered to a call: nothing wrong, or one of its errors; `undefined` where it gave no reason. */
export type Answer = { ok: true } | { ok: false; error?: string; args: readonly unknown[] };

/** Sends JSON-RPC requests as they are; a client that tries refused calls again would take a second for each. */
export type Rpc = { request(request: { method: string; params: unknown[] }): Promise<unknown> };

/** A function that changes state, by its contract's address and ABI. */
export type Probe = { address: Address; abi: Abi; item: AbiFunction };

/** Every function of an ABI that is neither view nor pure, in the order of their signatures. */
export function changingFunctions(abi: Abi): AbiFunction[] {
  return abi
    .filter((item): item is AbiFunction => item.type === "function")
    .filter(({ stateMutability }) => stateMutability === "nonpayable" || stateMutability === "payable")
    .sort((a, b) => (toFunctionSignature(a) < toFunctionSignature(b) ? -1 : 1));
}

/** Asks what a call from `caller` would do at the head; nothing is sent. Arguments are zero and empty if none are given. */
export async function probe(
  rpc: Rpc,
  { address, abi, item }: Probe,
  caller: Address,
  args: readonly unknown[] = item.inputs.map(emptyOf),
): Promise<Answer> {
  const data = encodeFunctionData({ abi: [item], functionName: item.name, args });
  try {
    await rpc.request({ method: "eth_call", params: [{ from: caller, to: address, data }, "latest"] });
    return { ok: true };
  } catch (error) {
    const revert = revertData(error);
    if (revert === undefined) throw error;
    if (revert === "0x") return { ok: false, args: [] };
    try {
      const { errorName, args: values } = decodeErrorResult({ abi, data: revert });
      return { ok: false, error: errorName, args: values ?? [] };
    } catch {
      // An error of a contract behind it: not this one's word on who may call.
      return { ok: false, args: [] };
    }
  }
}

/** The value of a type that says nothing. */
export function emptyOf(input: AbiParameter): unknown {
  const { type } = input;
  const array = /\[(\d*)\]$/.exec(type);
  if (array) {
    const inner = { ...input, type: type.slice(0, -array[0].length) };
    return Array.from({ length: Number(array[1] || 0) }, () => emptyOf(inner));
  }
  if (type === "tuple") {
    const { components } = input as AbiParameter & { components: readonly AbiParameter[] };
    return Object.fromEntries(components.map((part) => [part.name, emptyOf(part)]));
  }
  if (type === "bool") return false;
  if (type === "string") return "";
  if (type === "bytes") return "0x";
  if (type === "address") return `0x${"00".repeat(20)}`;
  if (type.startsWith("bytes")) return `0x${"00".repeat(Number(type.slice(5)))}`;
  return 0n;
}

function revertData(error: unknown): Hex | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { data } = at as { data?: unknown };
    if (typeof data === "string" && data.startsWith("0x")) return data as Hex;
    const nested = (data as { data?: unknown } | undefined)?.data;
    if (typeof nested === "string" && nested.startsWith("0x")) return nested as Hex;
  }
  return undefined;
}
