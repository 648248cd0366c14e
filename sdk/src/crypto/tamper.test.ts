import fc from "fast-check";
import type { Hex } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import {
  bucketSize,
  combineKey,
  commitToShare,
  decodeShareBatch,
  encodeShareBatch,
  generateHpkeKeyPair,
  type GatewayKey,
  type HpkeKeyPair,
  MAX_RECORD_BYTES,
  type MessageContext,
  openEnvelope,
  openSealed,
  openShares,
  pad,
  randomBytes,
  type RecordContext,
  sealRecord,
  sealShares,
  sealToRecipient,
  type ShareBatchContext,
  splitKey,
  toHex,
  unpad,
  verifyShare,
} from "./index.ts";

const text = (string: string) => new TextEncoder().encode(string);
const code = (name: string) => expect.objectContaining({ code: name });
const word = (byte: string): Hex => `0x${byte.repeat(32)}`;

const context: RecordContext = {
  chainId: 31337,
  registry: `0x${"11".repeat(20)}`,
  dataset: 7n,
  originVersion: 3,
  recordId: word("aa"),
  schema: word("bb"),
};

/** Each part of a record's context, changed by as little as may be. */
const otherContexts: [string, RecordContext][] = [
  ["chain", { ...context, chainId: 1 }],
  ["registry", { ...context, registry: `0x${"11".repeat(19)}12` }],
  ["dataset", { ...context, dataset: 8n }],
  ["origin version", { ...context, originVersion: 4 }],
  ["record id", { ...context, recordId: `0x${"aa".repeat(31)}ab` }],
  ["schema", { ...context, schema: `0x${"bb".repeat(31)}bc` }],
];

describe("a record's envelope", () => {
  it("opens with its key and context, for any plaintext", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (plaintext) => {
        const { envelope, key } = await sealRecord(context, plaintext);
        expect(await openEnvelope(context, envelope, key)).toEqual(plaintext);
      }),
      { numRuns: 30 },
    );
  });

  it.each(otherContexts)("does not open under another %s", async (_, other) => {
    const { envelope, key } = await sealRecord(context, text("record"));
    await expect(openEnvelope(other, envelope, key)).rejects.toEqual(code("SDK_RECORD_CONTEXT_MISMATCH"));
  });

  it("does not open when any byte of nonce, salt, body or tag is changed, nor with another key", async () => {
    const { envelope, key } = await sealRecord(context, text("record"));
    for (const at of [5, 16, 17, 48, 49, 600, envelope.length - 16, envelope.length - 1]) {
      const changed = Uint8Array.from(envelope);
      changed[at]! ^= 1;
      await expect(openEnvelope(context, changed, key), `byte ${at}`).rejects.toEqual(
        code("SDK_RECORD_CONTEXT_MISMATCH"),
      );
    }
    await expect(openEnvelope(context, envelope, randomBytes(32))).rejects.toEqual(
      code("SDK_RECORD_CONTEXT_MISMATCH"),
    );
  });

  it("of an unknown version or without its magic says so", async () => {
    const { envelope, key } = await sealRecord(context, text("record"));
    const newer = Uint8Array.from(envelope).fill(2, 4, 5);
    await expect(openEnvelope(context, newer, key)).rejects.toEqual(code("SDK_ENVELOPE_UNSUPPORTED"));
    const other = Uint8Array.from(envelope).fill(0, 0, 1);
    await expect(openEnvelope(context, other, key)).rejects.toEqual(code("SDK_ENVELOPE_MALFORMED"));
    await expect(openEnvelope(context, envelope.slice(0, 64), key)).rejects.toEqual(
      code("SDK_ENVELOPE_MALFORMED"),
    );
  });

  it("never repeats key, nonce or salt", async () => {
    const sealed = await Promise.all(Array.from({ length: 20 }, () => sealRecord(context, text("record"))));
    for (const part of [
      sealed.map(({ key }) => toHex(key)),
      sealed.map(({ envelope }) => toHex(envelope.subarray(5, 17))),
      sealed.map(({ keySalt }) => toHex(keySalt)),
    ]) {
      expect(new Set(part).size).toBe(20);
    }
  });
});

describe("padding", () => {
  it("fills to the next 2^k or 3·2^(k−1), from 1024", () => {
    const buckets = [
      [0, 1024],
      [1024, 1024],
      [1025, 1536],
      [1537, 2048],
      [2049, 3072],
      [3073, 4096],
      [50_000, 65_536],
      [16 * 2 ** 20, 16 * 2 ** 20],
    ] as const;
    for (const [bytes, bucket] of buckets) expect(bucketSize(bytes), `${bytes}`).toBe(bucket);
  });

  it("gives records of one bucket one size", () => {
    expect(pad(new Uint8Array(1)).length).toBe(pad(new Uint8Array(1020)).length);
    expect(pad(new Uint8Array(1021)).length).toBe(1536);
  });

  it("refuses what is too large, and frames that it did not write", () => {
    expect(() => pad(new Uint8Array(MAX_RECORD_BYTES + 1))).toThrow(code("SDK_RECORD_TOO_LARGE"));
    const framed = pad(text("record"));
    const dirty = Uint8Array.from(framed).fill(1, 1023);
    const longer = Uint8Array.from([...framed, ...new Uint8Array(512)]);
    const lying = Uint8Array.from(framed).fill(255, 0, 4);
    for (const bad of [dirty, longer, lying, new Uint8Array(2)]) {
      expect(() => unpad(bad)).toThrow(code("SDK_ENVELOPE_MALFORMED"));
    }
  });
});

describe("key shares", () => {
  it("of any t gateways give the key back, for every n and t of a small set", async () => {
    for (const [n, t] of [
      [2, 2],
      [3, 2],
      [5, 3],
    ] as const) {
      const key = randomBytes(32);
      const shares = await splitKey(key, n, t);
      for (const subset of subsets(shares).filter((s) => s.length >= t)) {
        expect(await combineKey(subset, t)).toEqual(key);
      }
    }
  });

  it("of t − 1 gateways are refused, and combined all the same they are not the key", async () => {
    const key = randomBytes(32);
    const shares = await splitKey(key, 5, 3);
    await expect(combineKey(shares.slice(0, 2), 3)).rejects.toEqual(code("SDK_TOO_FEW_SHARES"));
    await expect(combineKey([shares[0]!], 3)).rejects.toEqual(code("SDK_TOO_FEW_SHARES"));
    expect(await combineKey(shares.slice(0, 2), 2)).not.toEqual(key);
  });

  it("are refused when two are of one point or one has another length", async () => {
    const [a, b] = (await splitKey(randomBytes(32), 3, 2)) as [Uint8Array, Uint8Array];
    await expect(combineKey([a, a], 2)).rejects.toEqual(code("SDK_DUPLICATE_SHARE"));
    await expect(combineKey([a, b.slice(1)], 2)).rejects.toEqual(code("SDK_INVALID_INPUT"));
  });

  it.each([
    [1, 1],
    [3, 1],
    [2, 3],
    [256, 2],
    [2.5, 2],
  ])("are not made %i with threshold %i", async (n, t) => {
    await expect(splitKey(randomBytes(32), n, t)).rejects.toEqual(code("SDK_INVALID_INPUT"));
  });

  it("that are wrong name their gateway", () => {
    const right = { share: randomBytes(33), salt: randomBytes(32) };
    const commitment = commitToShare(context, 2, right);
    expect(verifyShare({ ...right, context, gateway: 2, commitment })).toBe(true);
    const changed = Uint8Array.from(right.share);
    changed[7]! ^= 1;
    for (const wrong of [
      { ...right, share: changed },
      { ...right, salt: randomBytes(32) },
      { ...right, gateway: 3 },
      ...otherContexts.map(([, other]) => ({ ...right, context: other })),
    ]) {
      const gateway = "gateway" in wrong ? wrong.gateway : 2;
      expect(() => verifyShare({ context, gateway, commitment, ...wrong })).toThrow(
        expect.objectContaining({ code: "SDK_WRONG_SHARE", details: expect.objectContaining({ gateway }) }),
      );
    }
  });
});

describe("sealed key shares", () => {
  let pairs: HpkeKeyPair[];
  let gateways: GatewayKey[];
  let batch: ShareBatchContext;
  const share = { recordId: word("aa"), share: randomBytes(33), salt: randomBytes(32) };

  beforeAll(async () => {
    pairs = await Promise.all([0, 1, 2].map(() => generateHpkeKeyPair()));
    gateways = pairs.map(({ publicKey }, index) => ({ index, hpkePublicKey: publicKey }));
    const { chainId, registry, dataset } = context;
    batch = { chainId, registry, dataset, version: 3, gatewaySet: { gateways, threshold: 2 }, gateway: 1 };
  });

  it("open for their gateway, in ascending order of record id", async () => {
    const other = { ...share, recordId: word("01") };
    const sealed = await sealShares({ context: batch, shares: [share, other] });
    expect(await openShares({ context: batch, recipientKey: pairs[1]!, sealed })).toEqual([other, share]);
  });

  it("do not open with any part of their context changed", async () => {
    const sealed = await sealShares({ context: batch, shares: [share] });
    const more = [...gateways, { index: 9, hpkePublicKey: gateways[0]!.hpkePublicKey }];
    const swapped = gateways.map((g, i) => ({ ...g, hpkePublicKey: gateways[(i * 2) % 3]!.hpkePublicKey }));
    const others: ShareBatchContext[] = [
      { ...batch, chainId: 1 },
      { ...batch, registry: `0x${"22".repeat(20)}` },
      { ...batch, dataset: 8n },
      { ...batch, version: 4 },
      { ...batch, gateway: 2 },
      { ...batch, gatewaySet: { gateways, threshold: 3 } },
      { ...batch, gatewaySet: { gateways: more, threshold: 2 } },
      { ...batch, gatewaySet: { gateways: swapped, threshold: 2 } },
    ];
    for (const other of others) {
      await expect(openShares({ context: other, recipientKey: pairs[1]!, sealed })).rejects.toEqual(
        code("SDK_SEALED_OPEN_FAILED"),
      );
    }
  });

  it("do not open for another gateway, nor when changed or cut short", async () => {
    const sealed = await sealShares({ context: batch, shares: [share] });
    const open = (bytes: Uint8Array, recipientKey = pairs[1]!) =>
      openShares({ context: batch, recipientKey, sealed: bytes });
    await expect(open(sealed, pairs[0]!)).rejects.toEqual(code("SDK_SEALED_OPEN_FAILED"));
    for (const at of [5, 36, 37, sealed.length - 1]) {
      const changed = Uint8Array.from(sealed);
      changed[at]! ^= 1;
      await expect(open(changed), `byte ${at}`).rejects.toEqual(code("SDK_SEALED_OPEN_FAILED"));
    }
    await expect(open(sealed.slice(0, -1))).rejects.toEqual(code("SDK_SEALED_OPEN_FAILED"));
    await expect(open(sealed.slice(0, 50))).rejects.toEqual(code("SDK_SEALED_MALFORMED"));
    await expect(open(Uint8Array.from(sealed).fill(9, 4, 5))).rejects.toEqual(code("SDK_SEALED_MALFORMED"));
  });

  it("are refused for a gateway outside the set, a record named twice, and sets that make no sense", async () => {
    await expect(sealShares({ context: { ...batch, gateway: 7 }, shares: [share] })).rejects.toEqual(
      code("SDK_UNKNOWN_GATEWAY"),
    );
    await expect(sealShares({ context: batch, shares: [share, share] })).rejects.toEqual(
      code("SDK_SHARE_BATCH_MALFORMED"),
    );
    for (const gatewaySet of [
      { gateways, threshold: 1 },
      { gateways, threshold: 4 },
      { gateways: gateways.toReversed(), threshold: 2 },
      { gateways: gateways.slice(1, 2), threshold: 1 },
    ]) {
      await expect(sealShares({ context: { ...batch, gatewaySet }, shares: [share] })).rejects.toEqual(
        code("SDK_INVALID_INPUT"),
      );
    }
  });

  it("in their plain form are refused when header, length or order is wrong", () => {
    const bytes = encodeShareBatch([share, { ...share, recordId: word("bb") }]);
    const unordered = Uint8Array.from(bytes);
    unordered.copyWithin(9 + 97, 9, 9 + 97);
    for (const bad of [
      bytes.slice(1),
      bytes.slice(0, -1),
      Uint8Array.from([...bytes, 0]),
      Uint8Array.from(bytes).fill(255, 5, 9),
      unordered,
      new Uint8Array(),
    ]) {
      expect(() => decodeShareBatch(bad)).toThrow(code("SDK_SHARE_BATCH_MALFORMED"));
    }
  });
});

describe("a message sealed to a recipient", () => {
  const message: MessageContext = {
    chainId: 31337,
    escrow: `0x${"33".repeat(20)}`,
    orderId: word("cc"),
    purpose: "result",
  };

  it("opens with a stored key pair and with a non-extractable WebCrypto key pair", async () => {
    const stored = await generateHpkeKeyPair();
    const held = (await crypto.subtle.generateKey("X25519", false, ["deriveBits"])) as CryptoKeyPair;
    const heldPublic = toHex(new Uint8Array(await crypto.subtle.exportKey("raw", held.publicKey)));
    for (const [recipientKey, recipientPublicKey] of [
      [stored, stored.publicKey],
      [held, heldPublic],
    ] as const) {
      const sealed = await sealToRecipient({ recipientPublicKey, context: message, plaintext: text("sum") });
      expect(await openSealed({ recipientKey, context: message, sealed })).toEqual(text("sum"));
    }
  });

  it("does not open for another chain, escrow, order, purpose or key", async () => {
    const pair = await generateHpkeKeyPair();
    const sealed = await sealToRecipient({
      recipientPublicKey: pair.publicKey,
      context: message,
      plaintext: text("sum"),
    });
    const others: MessageContext[] = [
      { ...message, chainId: 1 },
      { ...message, escrow: `0x${"34".repeat(20)}` },
      { ...message, orderId: word("cd") },
      { ...message, purpose: "key-release" },
    ];
    for (const context of others) {
      await expect(openSealed({ recipientKey: pair, context, sealed })).rejects.toEqual(
        code("SDK_SEALED_OPEN_FAILED"),
      );
    }
    const stranger = await generateHpkeKeyPair();
    await expect(openSealed({ recipientKey: stranger, context: message, sealed })).rejects.toEqual(
      code("SDK_SEALED_OPEN_FAILED"),
    );
  });

  it("is not sealed to a key of small order or of another length", async () => {
    const seal = (recipientPublicKey: Hex) =>
      sealToRecipient({ recipientPublicKey, context: message, plaintext: text("sum") });
    await expect(seal(word("00"))).rejects.toEqual(code("SDK_HPKE_KEY_INVALID"));
    await expect(seal("0x1234")).rejects.toEqual(code("SDK_INVALID_INPUT"));
  });
});

function subsets<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((all, item) => [...all, ...all.map((s) => [...s, item])], [[]]);
}
