import { createCipheriv, createDecipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  CHUNK_BYTES,
  collectBytes,
  encodeRecordContext,
  openStream,
  paddedSize,
  type RecordContext,
  SEALED_CHUNK_BYTES,
  sealStream,
  STREAM_HEADER_BYTES,
  streamEnvelopeSize,
  toHex,
} from "./index.ts";

const context: RecordContext = {
  chainId: 31337,
  registry: `0x${"11".repeat(20)}`,
  dataset: 7n,
  originVersion: 3,
  recordId: `0x${"aa".repeat(32)}`,
  schema: `0x${"bb".repeat(32)}`,
};
const code = (name: string, details: object = {}) =>
  expect.objectContaining({ code: name, details: expect.objectContaining(details) });

/** Bytes that differ from place to place, so that a moved chunk shows. */
function plaintextOf(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i += 1) bytes[i] = (i * 31 + (i >> 11)) & 255;
  return bytes;
}

async function sealed(size: number, about = context) {
  const { key, envelope } = await sealStream(about, [plaintextOf(size)], size);
  return { key, envelope: await collectBytes(envelope) };
}

/** The header and the sealed chunks of an envelope. */
function parts(envelope: Uint8Array): Uint8Array[] {
  const found = [envelope.subarray(0, STREAM_HEADER_BYTES)];
  for (let at = STREAM_HEADER_BYTES; at < envelope.length; at += SEALED_CHUNK_BYTES) {
    found.push(envelope.subarray(at, at + SEALED_CHUNK_BYTES));
  }
  return found;
}

const open = (envelope: Iterable<Uint8Array>, key: Uint8Array, about = context) =>
  collectBytes(openStream(about, envelope, key));

describe("a streamed record", () => {
  const edge = CHUNK_BYTES - 8;
  it.each([0, 1, 1000, edge - 1, edge, edge + 1, 2 * CHUNK_BYTES - 8, 3 * CHUNK_BYTES + 12_345])(
    "of %i bytes opens to itself, however its bytes are cut on the way",
    async (size) => {
      const plaintext = plaintextOf(size);
      const cuts = [plaintext.subarray(0, size >> 1), new Uint8Array(), plaintext.subarray(size >> 1)];
      const { key, size: announced, envelope } = await sealStream(context, cuts, size);
      const bytes = await collectBytes(envelope);
      expect(bytes.length).toBe(announced);
      expect(streamEnvelopeSize(size)).toBe(announced);
      const pieces = [bytes.subarray(0, 10), bytes.subarray(10, 700_000), bytes.subarray(700_000)];
      expect(Buffer.compare(await open(pieces, key), plaintext)).toBe(0);
    },
  );

  it("is what another implementation of STREAM writes, and reads", async () => {
    const size = 2 * CHUNK_BYTES + 100;
    const plaintext = plaintextOf(size);
    const prefix = Buffer.from("01020304050607", "hex");
    const salt = Buffer.alloc(32, 9);
    const key = Buffer.alloc(32, 5);
    const header = Buffer.concat([Buffer.from("SALR\x02"), prefix, Buffer.of(20, 0, 0, 0, 0), salt]);
    const aad = Buffer.concat([encodeRecordContext(context), header]);
    // Padmé by hand: 2^21 + 108 has exponent 21, keeps ⌊log2 21⌋ + 1 = 5 bits, so it is rounded up to a multiple of 2^16.
    const frame = Buffer.alloc(2 ** 21 + 2 ** 16);
    frame.writeBigUInt64BE(BigInt(size));
    frame.set(plaintext, 8);
    const chunks = [frame.subarray(0, 2 ** 20), frame.subarray(2 ** 20, 2 ** 21), frame.subarray(2 ** 21)];
    const nonce = (i: number) => Buffer.concat([prefix, Buffer.of(0, 0, 0, i, i === 2 ? 1 : 0)]);
    const written = chunks.map((chunk, i) => {
      const cipher = createCipheriv("aes-256-gcm", key, nonce(i)).setAAD(aad);
      return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
    });
    expect(Buffer.compare(await open([header, ...written], key), plaintext)).toBe(0);

    const ours = await sealed(size);
    const [head, ...body] = parts(ours.envelope) as [Uint8Array, ...Uint8Array[]];
    expect(toHex(head.subarray(0, 5))).toBe("0x53414c5202");
    const read = body.map((chunk, i) => {
      const iv = Buffer.concat([head.subarray(5, 12), Buffer.of(0, 0, 0, i, i === body.length - 1 ? 1 : 0)]);
      const decipher = createDecipheriv("aes-256-gcm", ours.key, iv)
        .setAAD(Buffer.concat([encodeRecordContext(context), head]))
        .setAuthTag(chunk.subarray(-16));
      return Buffer.concat([decipher.update(chunk.subarray(0, -16)), decipher.final()]);
    });
    expect(Buffer.compare(Buffer.concat(read), frame)).toBe(0);
  });

  const size = 3 * CHUNK_BYTES + 5000;
  it.each<[string, (chunks: Uint8Array[]) => Uint8Array[], number]>([
    ["cut off at a chunk's end", (c) => c.slice(0, -1), 2],
    ["cut off within a chunk", (c) => [...c.slice(0, -1), c.at(-1)!.subarray(0, 100)], 3],
    ["cut off after its header", () => [], 0],
    ["with two chunks in each other's place", ([a, b, ...rest]) => [b!, a!, ...rest], 0],
    ["with a chunk doubled", ([a, ...rest]) => [a!, a!, ...rest], 1],
    ["with a chunk left out", ([a, , ...rest]) => [a!, ...rest], 1],
    ["with its last chunk doubled", (c) => [...c, c.at(-1)!], 3],
    ["continued", (c) => [...c, new Uint8Array(17)], 3],
  ])("%s is refused", async (_, change, chunk) => {
    const { key, envelope } = await sealed(size);
    const [header, ...chunks] = parts(envelope);
    await expect(open([header!, ...change(chunks)], key)).rejects.toEqual(
      code("SDK_STREAM_BROKEN", { chunk }),
    );
  });

  it("with a chunk of another record is refused, even under one key", async () => {
    const one = await sealed(size);
    const other = await sealed(size, { ...context, recordId: `0x${"cc".repeat(32)}` });
    const [header, first, ...rest] = parts(one.envelope) as [Uint8Array, ...Uint8Array[]];
    const swapped = [header, first!, parts(other.envelope)[2]!, ...rest.slice(1)];
    await expect(open(swapped, one.key)).rejects.toEqual(code("SDK_STREAM_BROKEN", { chunk: 1 }));
    // The same key, nonce and place, but the associated data of another record.
    const aad = Buffer.concat([
      encodeRecordContext({ ...context, recordId: `0x${"cc".repeat(32)}` }),
      Buffer.from(header),
    ]);
    const iv = Buffer.concat([header.subarray(5, 12), Buffer.of(0, 0, 0, 1, 0)]);
    const cipher = createCipheriv("aes-256-gcm", one.key, iv).setAAD(aad);
    const forged = Buffer.concat([
      cipher.update(new Uint8Array(CHUNK_BYTES)),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    await expect(open([header, first!, forged, ...rest.slice(1)], one.key)).rejects.toEqual(
      code("SDK_STREAM_BROKEN", { chunk: 1 }),
    );
  });

  it.each<[string, Partial<RecordContext>]>([
    ["chain", { chainId: 1 }],
    ["registry", { registry: `0x${"11".repeat(19)}12` }],
    ["dataset", { dataset: 8n }],
    ["origin version", { originVersion: 4 }],
    ["record id", { recordId: `0x${"aa".repeat(31)}ab` }],
    ["schema", { schema: `0x${"bb".repeat(31)}bc` }],
  ])("does not open under another %s", async (_, other) => {
    const { key, envelope } = await sealed(1000);
    await expect(open([envelope], key, { ...context, ...other })).rejects.toEqual(code("SDK_STREAM_BROKEN"));
  });

  it("does not open with any byte of header or body changed", async () => {
    const { key, envelope } = await sealed(1000);
    for (const [at, name] of [
      [0, "SDK_ENVELOPE_MALFORMED"],
      [4, "SDK_ENVELOPE_UNSUPPORTED"],
      [12, "SDK_ENVELOPE_UNSUPPORTED"],
      [5, "SDK_STREAM_BROKEN"],
      [14, "SDK_STREAM_BROKEN"],
      [48, "SDK_STREAM_BROKEN"],
      [60, "SDK_STREAM_BROKEN"],
      [envelope.length - 1, "SDK_STREAM_BROKEN"],
    ] as const) {
      const changed = Uint8Array.from(envelope);
      changed[at]! ^= 1;
      await expect(open([changed], key), `byte ${at}`).rejects.toEqual(code(name));
    }
  });

  it.each([999, 1001])("said to have 1000 bytes is not made of %i", async (given) => {
    const { envelope } = await sealStream(context, [plaintextOf(given)], 1000);
    await expect(collectBytes(envelope)).rejects.toEqual(code("SDK_STREAM_SIZE", { said: 1000 }));
  });

  it("never repeats key, nonce prefix or salt", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => sealed(10)));
    expect(new Set(all.map(({ key }) => toHex(key))).size).toBe(20);
    expect(new Set(all.map(({ envelope }) => toHex(envelope.subarray(5, 12)))).size).toBe(20);
    expect(new Set(all.map(({ envelope }) => toHex(envelope.subarray(17, 49)))).size).toBe(20);
  });
});

describe("the size of a large record's frame", () => {
  it("is Padmé's, worked out by hand", () => {
    // exponent 24 keeps 5 bits: steps of 2^19; exponent 30 keeps 5 bits: steps of 2^25
    expect(paddedSize(2 ** 24)).toBe(2 ** 24);
    expect(paddedSize(2 ** 24 + 1)).toBe(2 ** 24 + 2 ** 19);
    expect(paddedSize(2 ** 30 + 2 ** 25 + 1)).toBe(2 ** 30 + 2 ** 26);
    expect(paddedSize(8)).toBe(8);
  });
});
