import { createCipheriv, createHash, randomBytes } from "node:crypto";
import type { Address, Hex } from "viem";
import { openStream, type RecordContext, sealStream } from "@salus/sdk/crypto/index";
import { type LargeRecord, prepareLargeRecord } from "@salus/sdk/records/prepare-record";
import { mustBe } from "../gas/measure.ts";
import { atLeast, type BenchRow } from "../row.ts";

const MIB = 2 ** 20;
const SIZE_MIB = 512;
const SIZE = SIZE_MIB * MIB;

/** Each is timed this often, one after the other; the best of each counts, as what else runs here only slows down. */
const ROUNDS = 7;

/** Of bare AES-256-GCM. */
const BAR = 0.7;

const id = (byte: string): Hex => `0x${byte.repeat(32)}`;
const context: RecordContext = {
  chainId: 31337,
  registry: `0x${"11".repeat(20)}`,
  dataset: 1n,
  originVersion: 1,
  recordId: id("22"),
  schema: id("33"),
};

/**
 * Encryption of a record of 512 MiB against one AES-256-GCM of node:crypto over the same bytes; then its whole preparation
 * (content id, key shares and commitments too) against bare AES-256-GCM and SHA-256, one after the other.
 */
export async function encryptionRows(): Promise<BenchRow[]> {
  const blocks = Array.from({ length: 16 }, () => randomBytes(MIB));
  await checkRoundTrip(blocks);
  const best = { bare: Infinity, own: Infinity, bareWithHash: Infinity, prepared: Infinity };
  for (let round = 0; round < ROUNDS; round += 1) {
    best.bare = Math.min(best.bare, await timed(() => bare(blocks)));
    best.own = Math.min(best.own, await timed(() => seal(blocks)));
    best.bareWithHash = Math.min(best.bareWithHash, await timed(() => bareWithHash(blocks)));
    best.prepared = Math.min(best.prepared, await timed(() => prepare(blocks)));
  }
  return [
    atLeast("records.encrypt.ratio", `encrypt a record of ${SIZE_MIB} MiB`, best.bare / best.own, "x", BAR, {
      peer: "AES-256-GCM of node:crypto, MiB/s",
      peerValue: SIZE_MIB / best.bare,
    }),
    atLeast(
      "records.prepare.ratio",
      `prepare it for upload, with content id, key shares and commitments`,
      best.bareWithHash / best.prepared,
      "x",
      null,
      { peer: "AES-256-GCM and SHA-256 of node:crypto, MiB/s", peerValue: SIZE_MIB / best.bareWithHash },
    ),
  ];
}

function* plaintext(blocks: readonly Uint8Array[]): Generator<Uint8Array> {
  for (let i = 0; i < SIZE_MIB; i += 1) yield blocks[i % blocks.length]!;
}

function bare(blocks: readonly Uint8Array[]): void {
  const cipher = createCipheriv("aes-256-gcm", randomBytes(32), randomBytes(12));
  for (const block of plaintext(blocks)) cipher.update(block);
  cipher.final();
  cipher.getAuthTag();
}

function bareWithHash(blocks: readonly Uint8Array[]): void {
  const cipher = createCipheriv("aes-256-gcm", randomBytes(32), randomBytes(12));
  const hash = createHash("sha256");
  for (const block of plaintext(blocks)) hash.update(cipher.update(block));
  cipher.final();
  cipher.getAuthTag();
  hash.digest();
}

async function seal(blocks: readonly Uint8Array[]): Promise<void> {
  const { envelope, size } = await sealStream(context, plaintext(blocks), SIZE);
  let bytes = 0;
  for await (const piece of envelope) bytes += piece.length;
  mustBe("The envelope's size", bytes, size);
}

async function prepare(blocks: readonly Uint8Array[]): Promise<void> {
  const subject: Address = `0x${"44".repeat(20)}`;
  const { recordId, schema } = context;
  const record: LargeRecord = { recordId, schema, subject, size: SIZE, open: () => plaintext(blocks) };
  const gateways = [1, 2, 3].map((index) => ({ index, hpkePublicKey: id("55") }));
  const { shares } = await prepareLargeRecord(context, record, { gateways, threshold: 2 }, async (made) => {
    for await (const _ of made.envelope); // it is stored elsewhere
  });
  mustBe("The number of key shares", shares.length, 3);
}

/** What is timed must also open, and give the same bytes. */
async function checkRoundTrip(blocks: readonly Uint8Array[]): Promise<void> {
  const { envelope, key } = await sealStream(context, plaintext(blocks), SIZE);
  const [before, after] = [createHash("sha256"), createHash("sha256")];
  for (const block of plaintext(blocks)) before.update(block);
  for await (const piece of openStream(context, envelope, key)) after.update(piece);
  mustBe("The decrypted record", after.digest("hex"), before.digest("hex"));
}

async function timed(run: () => void | Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}
