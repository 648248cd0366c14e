import { SalusError } from "../errors.ts";
import type { ChunkPart } from "./chunk-cipher.ts";
import { paddedSize } from "./padding.ts";

/* The frame of a large record: length (8 bytes, big endian) ‖ plaintext ‖ zeros up to `paddedSize`, cut into chunks. */

type Source = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const LENGTH_BYTES = 8;

/** Plaintext bytes in a chunk: 2^{@link CHUNK_EXPONENT}. */
export const CHUNK_EXPONENT = 20;
export const CHUNK_BYTES = 2 ** CHUNK_EXPONENT;

/** Largest plaintext of a large record: 1 TiB. */
export const MAX_STREAM_BYTES = 2 ** 40;

/** Pieces below this are put together before they go on: a call for a few bytes costs as much as for thousands. */
const THIN = 16 * 1024;

const ZEROS = new Uint8Array(64 * 1024);

/** Bytes of the frame of `size` bytes of plaintext. */
export function frameSize(size: number): number {
  return paddedSize(LENGTH_BYTES + size);
}

/** Chunks of the frame of `size` bytes of plaintext. */
export function chunkCount(size: number): number {
  return Math.max(1, Math.ceil(frameSize(size) / CHUNK_BYTES));
}

/**
 * The frame of a plaintext, in parts of at most a chunk. Nothing is copied but thin pieces.
 *
 * @throws SDK_STREAM_SIZE when the plaintext has fewer or more bytes than said
 */
export async function* frameParts(plaintext: Source, size: number): AsyncGenerator<ChunkPart> {
  const whole = frameSize(size);
  const lastChunk = chunkCount(size) - 1;
  let at = 0;
  for await (const bytes of frameBytes(plaintext, size)) {
    for (let rest = bytes; rest.length > 0;) {
      const chunk = Math.floor(at / CHUNK_BYTES);
      const part = rest.subarray(0, (chunk + 1) * CHUNK_BYTES - at);
      at += part.length;
      const ends = at === whole || at === (chunk + 1) * CHUNK_BYTES;
      yield { bytes: part, chunk, last: chunk === lastChunk, ends };
      rest = rest.subarray(part.length);
    }
  }
}

async function* frameBytes(plaintext: Source, size: number): AsyncGenerator<Uint8Array> {
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setBigUint64(0, BigInt(size));
  yield length;
  let given = 0;
  for await (const piece of thickened(plaintext)) {
    given += piece.length;
    if (given > size) throw wrongSize(size, given);
    yield piece;
  }
  if (given < size) throw wrongSize(size, given);
  for (let left = frameSize(size) - LENGTH_BYTES - size; left > 0; left -= ZEROS.length) {
    yield ZEROS.subarray(0, left);
  }
}

/** Pieces as they come, thin ones put together. Each is valid until the next is asked for. */
async function* thickened(source: Source): AsyncGenerator<Uint8Array> {
  const room = new Uint8Array(4 * THIN);
  let filled = 0;
  for await (const piece of source) {
    const thin = piece.length < THIN;
    if (filled > 0 && (!thin || filled + piece.length > room.length)) {
      yield room.subarray(0, filled);
      filled = 0;
    }
    if (thin) {
      room.set(piece, filled);
      filled += piece.length;
    } else yield piece;
  }
  if (filled > 0) yield room.subarray(0, filled);
}

/**
 * Takes the frame off decrypted chunks.
 *
 * @throws SDK_ENVELOPE_MALFORMED when length, size or zeros are not what the format says: only a faulty lister makes that
 */
export async function* unframe(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let size = -1;
  let left = 0;
  let total = 0;
  for await (const chunk of chunks) {
    let at = 0;
    if (size < 0) {
      if (chunk.length < LENGTH_BYTES) throw badFrame(chunk.length);
      const said = new DataView(chunk.buffer, chunk.byteOffset).getBigUint64(0);
      if (said > BigInt(MAX_STREAM_BYTES)) throw badFrame(chunk.length);
      size = left = Number(said);
      at = LENGTH_BYTES;
    }
    total += chunk.length;
    const end = Math.min(chunk.length, at + left);
    left -= end - at;
    if (end > at) yield chunk.subarray(at, end);
    if (!chunk.subarray(end).every((byte) => byte === 0)) throw badFrame(total);
  }
  if (left > 0 || total !== frameSize(size)) throw badFrame(total);
}

function wrongSize(said: number, got: number): SalusError {
  return new SalusError({
    code: "SDK_STREAM_SIZE",
    message: `The record was said to have ${said} bytes, but its source gave ${got > said ? "more" : got}.`,
    details: { said, got },
  });
}

function badFrame(size: number): SalusError {
  return new SalusError({
    code: "SDK_ENVELOPE_MALFORMED",
    message: "The decrypted record is not padded as the format says.",
    hint: "The lister's software wrote this record wrongly: report it to the dataset's curator.",
    details: { size },
  });
}
