import { SalusError } from "../errors.ts";
import { concat, randomBytes } from "./bytes.ts";
import { type ChunkOpener, chunkOpener, type ChunkScheme, sealChunks, TAG_BYTES } from "./chunk-cipher.ts";
import { encodeRecordContext, type RecordContext } from "./context.ts";
import {
  CHUNK_BYTES,
  CHUNK_EXPONENT,
  chunkCount,
  frameParts,
  frameSize,
  MAX_STREAM_BYTES,
  unframe,
} from "./stream-frame.ts";

export { CHUNK_BYTES, MAX_STREAM_BYTES };

/**
 * Envelope of a large record: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM.
 *
 * ```
 *  0  4  magic "SALR"
 *  4  1  version: 2
 *  5  7  nonce prefix, random
 * 12  1  binary logarithm of the bytes in a chunk: 20
 * 13  4  zero
 * 17 32  salt of the key commitment
 * 49  …  chunks: AES-256-GCM(1 MiB of the frame, the last one what remains) and its 16-byte tag
 * ```
 *
 * Nonce of chunk i = prefix ‖ i (4 bytes, big endian) ‖ 1 for the last chunk, 0 for the others. Associated data of every
 * chunk = canonical record context ‖ the 49 header bytes. So a chunk opens at its own place of its own record only, and
 * an envelope cut off at a chunk's end has no last chunk.
 *
 * Frame = length of the plaintext (8 bytes, big endian) ‖ plaintext ‖ zeros up to {@link paddedSize}.
 *
 * Each key is fresh and encrypts one frame; the counter keeps its nonces apart. An upload that breaks off is therefore
 * never made anew under its old key: another plaintext under the same nonces would give both away.
 */
const MAGIC = new TextEncoder().encode("SALR");
const VERSION = 2;
const PREFIX_AT = 5;
const PREFIX_BYTES = 7;
const EXPONENT_AT = 12;
const SALT_AT = 17;

/** Bytes before the first chunk. */
export const STREAM_HEADER_BYTES = 49;

/** Bytes of a whole chunk with its tag. */
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

/** What {@link sealStream} makes: the secrets to split and commit to, and the envelope's bytes as they are asked for. */
export type SealedStream = {
  key: Uint8Array;
  keySalt: Uint8Array;
  /** bytes of the whole envelope, known before the first is made */
  size: number;
  /** the header, then the sealed chunks, cut anyhow; to be read once */
  envelope: AsyncGenerator<Uint8Array<ArrayBuffer>>;
};

/** Bytes of the envelope of a plaintext of `size` bytes. */
export function streamEnvelopeSize(size: number): number {
  return STREAM_HEADER_BYTES + frameSize(size) + chunkCount(size) * TAG_BYTES;
}

/**
 * Encrypts a record of any size piece by piece in constant memory, under a fresh random 256-bit key.
 *
 * @param size bytes that `plaintext` will give
 * @throws SDK_RECORD_TOO_LARGE above {@link MAX_STREAM_BYTES}, SDK_INVALID_INPUT for a bad context; while it is read,
 *   SDK_STREAM_SIZE when the plaintext has fewer or more bytes than said
 */
export async function sealStream(
  context: RecordContext,
  plaintext: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number,
): Promise<SealedStream> {
  assertSize(size);
  const key = randomBytes(32);
  const header = new Uint8Array(STREAM_HEADER_BYTES);
  header.set(MAGIC);
  header[4] = VERSION;
  header.set(randomBytes(PREFIX_BYTES), PREFIX_AT);
  header[EXPONENT_AT] = CHUNK_EXPONENT;
  header.set(randomBytes(32), SALT_AT);
  const seal = await sealChunks(schemeOf(context, header, key));
  return {
    key,
    keySalt: header.slice(SALT_AT),
    size: streamEnvelopeSize(size),
    envelope: afterHeader(header, seal(frameParts(plaintext, size))),
  };
}

/** Whether bytes begin like the envelope of a large record. */
export function isStreamEnvelope(envelope: Uint8Array): boolean {
  return envelope.length > 4 && MAGIC.every((byte, i) => envelope[i] === byte) && envelope[4] === VERSION;
}

/** The commitment salt in a header of {@link STREAM_HEADER_BYTES}. @throws SDK_ENVELOPE_MALFORMED, SDK_ENVELOPE_UNSUPPORTED */
export function streamKeySalt(header: Uint8Array): Uint8Array {
  assertHeader(header);
  return header.slice(SALT_AT, STREAM_HEADER_BYTES);
}

/**
 * Decrypts the envelope of a large record piece by piece in constant memory. Every piece that it gives is authentic and at
 * its place; that the record is whole is known once it has ended without an error, so act on nothing before that.
 *
 * @param envelope the envelope's bytes, cut anyhow
 * @throws SDK_STREAM_BROKEN (`details.chunk`) for a chunk that is changed, moved, doubled, missing or of another record, and
 *   for an envelope cut short or continued; SDK_ENVELOPE_MALFORMED, SDK_ENVELOPE_UNSUPPORTED
 */
export async function* openStream(
  context: RecordContext,
  envelope: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  key: Uint8Array,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const ownKey = key.slice();
  const reader = cutter(envelope);
  const header = await take(reader, new Uint8Array(STREAM_HEADER_BYTES));
  assertHeader(header);
  const open = await chunkOpener(schemeOf(context, header, ownKey));
  ownKey.fill(0);
  yield* unframe(openChunks(context, open, reader));
}

async function* openChunks(
  context: RecordContext,
  open: ChunkOpener,
  reader: Cutter,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let room = new Uint8Array(SEALED_CHUNK_BYTES);
  let nextRoom = new Uint8Array(SEALED_CHUNK_BYTES);
  let sealed = await take(reader, room);
  for (let i = 0; ; i++) {
    // The next chunk is read first: which one is the last is for its nonce to say, not for the reader to believe.
    const next = await take(reader, nextRoom);
    const last = next.length === 0;
    let chunk: Uint8Array<ArrayBuffer>;
    try {
      chunk = await open(sealed, i, last);
    } catch (cause) {
      throw broken(context, i, cause);
    }
    yield chunk;
    if (last) return;
    sealed = next;
    [room, nextRoom] = [nextRoom, room];
  }
}

async function* afterHeader(
  header: Uint8Array<ArrayBuffer>,
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield header;
  yield* chunks;
}

/** Fills a place with the next bytes of a source and says how many came: fewer than asked only at its end. */
type Cutter = (place: Uint8Array) => Promise<number>;

async function take(reader: Cutter, place: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return place.subarray(0, await reader(place));
}

function cutter(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Cutter {
  const pieces = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let rest: Uint8Array = new Uint8Array();
  return async (place) => {
    let filled = 0;
    while (filled < place.length) {
      if (rest.length === 0) {
        const next = await pieces.next();
        if (next.done) return filled;
        rest = next.value;
        continue;
      }
      const taken = rest.subarray(0, place.length - filled);
      place.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
    }
    return filled;
  };
}

/** How the chunks of an envelope with this header are encrypted. */
function schemeOf(context: RecordContext, header: Uint8Array, key: Uint8Array): ChunkScheme {
  const prefix = header.slice(PREFIX_AT, PREFIX_AT + PREFIX_BYTES);
  return {
    key,
    additionalData: concat(encodeRecordContext(context), header),
    nonceOf(chunk, last) {
      const nonce = new Uint8Array(12);
      nonce.set(prefix);
      new DataView(nonce.buffer).setUint32(PREFIX_BYTES, chunk);
      nonce[11] = last ? 1 : 0;
      return nonce;
    },
  };
}

function assertHeader(header: Uint8Array): void {
  if (header.length < STREAM_HEADER_BYTES || !MAGIC.every((byte, i) => header[i] === byte)) {
    throw new SalusError({
      code: "SDK_ENVELOPE_MALFORMED",
      message: "These bytes are not an encrypted record.",
      details: { size: header.length },
    });
  }
  if (header[4] === VERSION && header[EXPONENT_AT] === CHUNK_EXPONENT) return;
  throw new SalusError({
    code: "SDK_ENVELOPE_UNSUPPORTED",
    message: `The encrypted record has format version ${header[4]} with chunks of 2^${header[EXPONENT_AT]} bytes; this reads version ${VERSION} with 2^${CHUNK_EXPONENT}.`,
    details: { version: header[4] },
  });
}

function assertSize(size: number): void {
  if (Number.isSafeInteger(size) && size >= 0 && size <= MAX_STREAM_BYTES) return;
  throw new SalusError({
    code: "SDK_RECORD_TOO_LARGE",
    message: `The record has ${size} bytes; the most is ${MAX_STREAM_BYTES}.`,
    details: { size, limit: MAX_STREAM_BYTES },
  });
}

function broken(context: RecordContext, chunk: number, cause: unknown): SalusError {
  return new SalusError({
    code: "SDK_STREAM_BROKEN",
    message: `Chunk ${chunk} of record ${context.recordId} does not decrypt for dataset ${context.dataset}, origin version ${context.originVersion}, at this place.`,
    details: { recordId: context.recordId, chunk },
    cause,
  });
}
