import type { ByteRange } from "../storage/objects.ts";

/**
 * The part that a `range` header asks of something of `size` bytes (RFC 9110 §14): one range of bytes. Undefined when it
 * asks for the whole, or for what this server does not do (several ranges, another unit): the whole is the answer then.
 *
 * @returns `unsatisfiable` when it begins behind the end
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined | "unsatisfiable" {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [, first, last] = match;
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === "" ? size : Math.min(Number(last) + 1, size);
  if (last !== "" && Number(last) < start) return undefined;
  return start < size ? { start, end } : "unsatisfiable";
}
