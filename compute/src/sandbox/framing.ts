import { ComputeError } from "../errors.ts";

/** A message: a JSON header, then binary parts. */
export interface Message {
  readonly header: unknown;
  readonly parts: readonly Uint8Array[];
}

/**
 * The bytes of a message as chunks: the header and each part, each after its length as a 32-bit big-endian integer.
 * Parts are not copied.
 */
export function* encodeMessage({ header, parts }: Message): Generator<Uint8Array> {
  for (const part of [new TextEncoder().encode(JSON.stringify(header)), ...parts]) {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, part.length);
    yield length;
    yield part;
  }
}

/** The size in bytes that `encodeMessage` gives. */
export function messageSize({ header, parts }: Message): number {
  const headerSize = new TextEncoder().encode(JSON.stringify(header)).length;
  return parts.reduce((sum, part) => sum + 4 + part.length, 4 + headerSize);
}

/** Reads one whole message. Throws COMPUTE_BadMessage when it is cut short or its header is not JSON. */
export function decodeMessage(bytes: Uint8Array): Message {
  const parts: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) throw cutShort();
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.length) throw cutShort();
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  const [head, ...rest] = parts;
  if (head === undefined) throw cutShort();
  try {
    return { header: JSON.parse(new TextDecoder().decode(head)), parts: rest };
  } catch {
    throw new ComputeError("COMPUTE_BadMessage", "The header of the message is not JSON.");
  }
}

function cutShort(): ComputeError {
  return new ComputeError("COMPUTE_BadMessage", "The message is cut short.");
}
