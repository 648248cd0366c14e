import { createHash } from "node:crypto";
import type { Address } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { collectBytes, toHex } from "../crypto/bytes.ts";
import { generateHpkeKeyPair, type HpkeKeyPair } from "../crypto/hpke.ts";
import { openShares } from "../crypto/seal-shares.ts";
import { type BuiltVersion, buildVersion } from "./build-version.ts";
import { schemaDigest, type RecordSchema } from "./descriptor.ts";
import { openLargeRecord, openRecord, type ReleasedShare } from "./open-record.ts";
import { type LargeRecord, newRecordId } from "./prepare-record.ts";

const code = (name: string) => expect.objectContaining({ code: name });
const schema: RecordSchema = {
  name: "Scan",
  mediaType: "text/csv",
  columns: [{ name: "voxel", type: "integer" }],
};
const SIZE = 3 * 2 ** 20 + 77;
const pieceOf = (i: number) => new Uint8Array(Math.min(500_000, SIZE - i * 500_000)).fill(65 + i);
const PIECES = Array.from({ length: Math.ceil(SIZE / 500_000) }, (_, i) => pieceOf(i));
const subjects: Address[] = [`0x${"22".repeat(20)}`, `0x${"33".repeat(20)}`];
const large = (i: number): LargeRecord => ({
  recordId: newRecordId(),
  subject: subjects[i]!,
  schema: schemaDigest(schema),
  size: SIZE,
  open: () => PIECES,
});

let keys: HpkeKeyPair[];
let built: BuiltVersion;
const stored = new Map<string, Buffer>();

async function build(storeLarge?: Parameters<typeof buildVersion>[0]["storeLarge"], records = [0, 1]) {
  return buildVersion({
    context: { chainId: 31337, registry: `0x${"11".repeat(20)}`, dataset: 7n, version: 1 },
    gatewaySet: keys.map(({ publicKey }, i) => ({ index: i + 1, hpkePublicKey: publicKey })),
    threshold: 2,
    records: records.map(large),
    consents: records.map((i) => ({
      subject: subjects[i]!,
      purposes: 1n,
      modes: 1,
      expiry: 2_000_000_000,
      basis: 0,
      evidence: `0x${"5a".repeat(32)}`,
      weight: 1,
      originVersion: 1,
    })),
    descriptor: {
      title: "t",
      description: "d",
      country: "DE",
      conditions: [],
      schemas: [schema],
      contact: { name: "n" },
    },
    ...(storeLarge ? { storeLarge } : {}),
  });
}

beforeAll(async () => {
  keys = await Promise.all([0, 1, 2].map(() => generateHpkeKeyPair()));
  built = await build(async ({ recordId, size, envelope, content }) => {
    const bytes = Buffer.from(await collectBytes(envelope));
    expect(bytes.length).toBe(size);
    expect(content()).toBe(toHex(createHash("sha256").update(bytes).digest()));
    stored.set(recordId, bytes);
  });
});

/** What a reader has of record `i`. */
async function readerOf(i: number) {
  const gatewaySet = {
    gateways: keys.map(({ publicKey }, k) => ({ index: k + 1, hpkePublicKey: publicKey })),
    threshold: 2,
  };
  const entry = built.manifest.entries.find(({ leaf }) => leaf.subject === subjects[i])!;
  const shares: ReleasedShare[] = [];
  for (const place of [0, 2]) {
    const { gateway, bytes: sealed } = built.sealedShares[place]!;
    const context = { ...built.manifest, gatewaySet, gateway };
    const all = await openShares({ context, recipientKey: keys[place]!, sealed });
    shares.push({ gateway, ...all.find(({ recordId }) => recordId === entry.leaf.recordId)! });
  }
  return { context: built.manifest, entry, shares };
}

async function* cut(bytes: Uint8Array, size = 300_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (parameters: Parameters<typeof openLargeRecord>[0]) =>
  Buffer.from(await collectBytes((await openLargeRecord(parameters)).plaintext));

describe("a large record", () => {
  it("is listed and opened as a stream, and in one piece", async () => {
    const reader = await readerOf(0);
    const bytes = stored.get(reader.entry.leaf.recordId)!;
    expect(reader.entry.leaf.size).toBe(BigInt(bytes.length));
    expect((await read({ ...reader, envelope: cut(bytes) })).equals(Buffer.concat(PIECES))).toBe(true);
    expect((await read({ ...reader, envelope: cut(bytes, 7) })).equals(Buffer.concat(PIECES))).toBe(true);
    const { plaintext } = await openRecord({ ...reader, envelope: bytes });
    expect(Buffer.from(plaintext).equals(Buffer.concat(PIECES))).toBe(true);
  });

  it("is refused when cut short, changed, continued, or another record's", async () => {
    const reader = await readerOf(0);
    const bytes = stored.get(reader.entry.leaf.recordId)!;
    const changed = Buffer.from(bytes);
    changed[2_000_000]! ^= 1;
    const whole = 49 + 2 * (2 ** 20 + 16);
    for (const [wrong, name] of [
      [bytes.subarray(0, whole), "SDK_CIPHERTEXT_TAMPERED"],
      [bytes.subarray(0, 20), "SDK_CIPHERTEXT_TAMPERED"],
      [changed, "SDK_STREAM_BROKEN"],
      [Buffer.concat([bytes, bytes.subarray(-16)]), "SDK_CIPHERTEXT_TAMPERED"],
      [stored.get((await readerOf(1)).entry.leaf.recordId)!, "SDK_KEY_COMMITMENT_MISMATCH"],
    ] as const) {
      await expect(read({ ...reader, envelope: cut(wrong) })).rejects.toEqual(code(name));
    }
  });

  it("is refused when its bytes decrypt but are not the listed ones", async () => {
    const reader = await readerOf(0);
    const { leaf, commitments } = reader.entry;
    const entry = { leaf: { ...leaf, content: `0x${"00".repeat(32)}` as const }, commitments };
    const envelope = cut(stored.get(leaf.recordId)!);
    await expect(read({ ...reader, entry, envelope })).rejects.toEqual(code("SDK_CIPHERTEXT_TAMPERED"));
  });

  it("needs as many shares as any other", async () => {
    const reader = await readerOf(0);
    const one = { ...reader, shares: reader.shares.slice(0, 1), envelope: cut(new Uint8Array(100)) };
    await expect(openLargeRecord(one)).rejects.toEqual(code("SDK_TOO_FEW_SHARES"));
  });

  it("is not listed without a place to store it, nor when that place does not read it whole", async () => {
    await expect(build()).rejects.toEqual(code("SDK_INVALID_INPUT"));
    await expect(build(async () => undefined)).rejects.toEqual(code("SDK_INVALID_INPUT"));
    const half = async ({ envelope }: { envelope: AsyncIterable<Uint8Array> }) => {
      for await (const _ of envelope) break;
    };
    await expect(build(half)).rejects.toEqual(code("SDK_INVALID_INPUT"));
  });
});
