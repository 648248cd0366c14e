import { SalusError } from "../errors.ts";
import { concat, plainBytes, randomBytes } from "./bytes.ts";
import { encodeRecordContext, type RecordContext } from "./context.ts";
import { paddedSize } from "./padding.ts";

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
const LENGTH_BYTES = 8;
const TAG_BYTES = 16;
const EXPONENT = 20;

/** Bytes before the first chunk. */
export const STREAM_HEADER_BYTES = 49;

/** Plaintext bytes in a chunk. */
export const CHUNK_BYTES = 2 ** EXPONENT;

/** Bytes of a whole chunk with its tag. */
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

/** Largest plaintext of a large record: 1 TiB. */
export const MAX_STREAM_BYTES = 2 ** 40;

/** Chunks encrypted ahead of the reader: they keep two of the platform's threads busy. */
const AHEAD = 3;

/** What {@link sealStream} makes: the secrets to split and commit to, and the envelope's bytes as they are asked for. */
export type SealedStream = {
  key: Uint8Array;
  keySalt: Uint8Array;
  /** bytes of the whole envelope, known before the first is made */
  size: number;
  /** the header, then one sealed chunk at a time; to be read once */
  envelope: AsyncGenerator<Uint8Array<ArrayBuffer>>;
};

/** Bytes of the envelope of a plaintext of `size` bytes. */
export function streamEnvelopeSize(size: number): number {
  const frame = paddedSize(LENGTH_BYTES + size);
  return STREAM_HEADER_BYTES + frame + chunksOf(frame) * TAG_BYTES;
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
  header[EXPONENT_AT] = EXPONENT;
  header.set(randomBytes(32), SALT_AT);
  const cryptoKey = await importKey(key, "encrypt");
  const chunks = sealChunks(context, header, cryptoKey, frame(plaintext, size));
  return {
    key,
    keySalt: header.slice(SALT_AT),
    size: streamEnvelopeSize(size),
    envelope: afterHeader(header, chunks),
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
  const cryptoKey = await importKey(key, "decrypt");
  const reader = cutter(envelope);
  const header = await take(reader, STREAM_HEADER_BYTES);
  assertHeader(header);
  yield* unframe(openChunks(context, header, cryptoKey, reader));
}

async function* openChunks(
  context: RecordContext,
  header: Uint8Array,
  key: CryptoKey,
  reader: Cutter,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const additionalData = associatedData(context, header);
  let sealed = await take(reader, SEALED_CHUNK_BYTES);
  for (let i = 0; ; i++) {
    // The next chunk is read first: which one is the last is for its nonce to say, not for the reader to believe.
    const next = await take(reader, SEALED_CHUNK_BYTES);
    const last = next.length === 0;
    const algorithm = { name: "AES-GCM", iv: nonceOf(header, i, last), additionalData };
    let chunk: ArrayBuffer;
    try {
      chunk = await globalThis.crypto.subtle.decrypt(algorithm, key, sealed);
    } catch (cause) {
      throw broken(context, i, cause);
    }
    yield new Uint8Array(chunk);
    if (last) return;
    sealed = next;
  }
}

async function* sealChunks(
  context: RecordContext,
  header: Uint8Array,
  key: CryptoKey,
  frame: { chunks: AsyncIterable<Uint8Array<ArrayBuffer>>; count: number },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const additionalData = associatedData(context, header);
  const waiting: Promise<Uint8Array<ArrayBuffer>>[] = [];
  let i = 0;
  for await (const chunk of frame.chunks) {
    const algorithm = { name: "AES-GCM", iv: nonceOf(header, i, i === frame.count - 1), additionalData };
    i += 1;
    const sealed = globalThis.crypto.subtle
      .encrypt(algorithm, key, chunk)
      .then((bytes) => new Uint8Array(bytes));
    sealed.catch(() => undefined); // it is thrown where it is awaited
    waiting.push(sealed);
    if (waiting.length >= AHEAD) yield await waiting.shift()!;
  }
  for (const sealed of waiting) yield await sealed;
}

async function* afterHeader(
  header: Uint8Array<ArrayBuffer>,
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield header;
  yield* chunks;
}

/** The frame of a plaintext, cut into chunks; each a buffer of its own, since the platform encrypts while we go on. */
function frame(plaintext: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, size: number) {
  const whole = paddedSize(LENGTH_BYTES + size);
  const count = chunksOf(whole);
  async function* cut(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const reader = cutter(plaintext);
    let left = size;
    for (let i = 0; i < count; i++) {
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, whole - i * CHUNK_BYTES));
      const start = i === 0 ? LENGTH_BYTES : 0;
      if (i === 0) new DataView(chunk.buffer).setBigUint64(0, BigInt(size));
      const place = chunk.subarray(start, start + Math.min(chunk.length - start, left));
      const filled = await reader(place);
      left -= filled;
      if (filled < place.length) throw wrongSize(size, size - left);
      yield chunk;
    }
    if ((await reader(new Uint8Array(1))) > 0) throw wrongSize(size, size + 1);
  }
  return { chunks: cut(), count };
}

async function* unframe(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>) {
  let size = -1;
  let left = 0;
  let total = 0;
  for await (const chunk of chunks) {
    let at = 0;
    if (size < 0) {
      if (chunk.length < LENGTH_BYTES) throw badFrame(chunk.length);
      const said = new DataView(chunk.buffer).getBigUint64(0);
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
  if (left > 0 || total !== paddedSize(LENGTH_BYTES + size)) throw badFrame(total);
}

/** Fills a place with the next bytes of a source and says how many came: fewer than asked only at its end. */
type Cutter = (place: Uint8Array) => Promise<number>;

async function take(reader: Cutter, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const place = new Uint8Array(most);
  const filled = await reader(place);
  return place.subarray(0, filled);
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

function chunksOf(frameBytes: number): number {
  return Math.max(1, Math.ceil(frameBytes / CHUNK_BYTES));
}

function nonceOf(header: Uint8Array, i: number, last: boolean): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(12);
  nonce.set(header.subarray(PREFIX_AT, PREFIX_AT + PREFIX_BYTES));
  new DataView(nonce.buffer).setUint32(PREFIX_BYTES, i);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

function associatedData(context: RecordContext, header: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(encodeRecordContext(context), header);
}

function importKey(key: Uint8Array, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return globalThis.crypto.subtle.importKey("raw", plainBytes(key), "AES-GCM", false, [use]);
}

function assertHeader(header: Uint8Array): void {
  if (header.length < STREAM_HEADER_BYTES || !MAGIC.every((byte, i) => header[i] === byte)) {
    throw new SalusError({
      code: "SDK_ENVELOPE_MALFORMED",
      message: "These bytes are not an encrypted record.",
      details: { size: header.length },
    });
  }
  if (header[4] === VERSION && header[EXPONENT_AT] === EXPONENT) return;
  throw new SalusError({
    code: "SDK_ENVELOPE_UNSUPPORTED",
    message: `The encrypted record has format version ${header[4]} with chunks of 2^${header[EXPONENT_AT]} bytes; this reads version ${VERSION} with 2^${EXPONENT}.`,
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

function wrongSize(said: number, got: number): SalusError {
  return new SalusError({
    code: "SDK_STREAM_SIZE",
    message: `The record was said to have ${said} bytes, but its source gave ${got > said ? "more" : got}.`,
    details: { said, got },
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

function badFrame(size: number): SalusError {
  return new SalusError({
    code: "SDK_ENVELOPE_MALFORMED",
    message: "The decrypted record is not padded as the format says.",
    hint: "The lister's software wrote this record wrongly: report it to the dataset's curator.",
    details: { size },
  });
}
