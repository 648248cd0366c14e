import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Hex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testContext } from "../../../test/support/gateway-context.ts";
import { startPostgres, type TestPostgres } from "../../../test/support/postgres.ts";
import { connectDatabase, type Db } from "../database/connect.ts";
import { buildApp } from "../http/app.ts";
import { type BlobStore, openBlobStore } from "../storage/blobs.ts";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/**
 * A content id worked out from the CID specification: version 1, codec raw (0x55), sha2-256 (0x12) of 32 bytes (0x20), all
 * in base32 (RFC 4648 §6, lower case, no padding) after its prefix `b`.
 */
function cidByHand(bytes: Uint8Array, codec = 0x55): string {
  const digest = createHash("sha256").update(bytes).digest();
  const whole = [1, codec, 0x12, 0x20, ...digest];
  const bits = whole.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const letters = bits.match(/.{1,5}/g)!.map((five) => ALPHABET[Number.parseInt(five.padEnd(5, "0"), 2)]);
  return `b${letters.join("")}`;
}

const hexOf = (bytes: Uint8Array): Hex => `0x${createHash("sha256").update(bytes).digest("hex")}`;
const utf8 = (text: string) => new TextEncoder().encode(text);

const files = {
  descriptor: utf8('{"format":"salus-descriptor"}'),
  consents: utf8('{"format":"salus-consents"}\n'),
  changes: utf8('{"format":"salus-changes"}\n'),
  // More than goes through memory whole, and more than one piece of a stream.
  manifest: Buffer.alloc(9 * 2 ** 20, "a record of the manifest\n"),
};
const ciphertext = utf8("ciphertext of a record");

describe("the trustless gateway", () => {
  let postgres: TestPostgres;
  let db: Db;
  let app: FastifyInstance;
  let blobs: BlobStore;
  const folder = mkdtempSync(join(tmpdir(), "salus-ipfs-routes-"));

  beforeAll(async () => {
    postgres = await startPostgres(23_100);
    db = await connectDatabase(await postgres.create("ipfs"));
    blobs = await openBlobStore(folder);
    for (const bytes of [...Object.values(files), ciphertext]) await blobs.put(bytes);
    const hash: Hex = `0x${"00".repeat(32)}`;
    const row = {
      asset: "1",
      number: 1,
      version_hash: hash,
      content_root: hash,
      consent_root: hash,
      descriptor: hexOf(files.descriptor),
      consents_cid: cidByHand(files.consents),
      manifest_cid: cidByHand(files.manifest),
      changes_cid: cidByHand(files.changes),
      records: 10,
      stored_at: 1,
    };
    await db.insertInto("versions").values(row).execute();
    app = await buildApp(testContext(1, db, { blobs }));
  });
  afterAll(async () => {
    await app?.close();
    await db?.destroy();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (url: string, headers: Record<string, string> = {}, method: "GET" | "HEAD" = "GET") =>
    app.inject({ method, url, headers });

  it.each(Object.entries(files))(
    "serves a %s as the raw block of its content id, and its head alone",
    async (_, bytes) => {
      const cid = cidByHand(bytes);
      for (const answer of [
        await ask(`/ipfs/${cid}?format=raw`),
        await ask(`/ipfs/${cid}`, { accept: "application/vnd.ipld.raw" }),
        await ask(`/ipfs/${cid}`, { accept: "text/html, application/vnd.ipld.raw;q=0.5" }),
        await ask(`/ipfs/${cid}`),
      ]) {
        expect(answer.statusCode).toBe(200);
        expect(answer.rawPayload.equals(bytes)).toBe(true);
        expect(answer.headers).toMatchObject({
          "content-type": "application/vnd.ipld.raw",
          "content-length": String(bytes.length),
          "cache-control": "public, max-age=31536000, immutable",
          "content-disposition": `attachment; filename="${cid}.bin"`,
          "x-content-type-options": "nosniff",
          "x-ipfs-path": `/ipfs/${cid}`,
          etag: `"${cid}.raw"`,
        });
      }
      const head = await ask(`/ipfs/${cid}?format=raw`, {}, "HEAD");
      expect(head.statusCode).toBe(200);
      expect(head.headers["content-length"]).toBe(String(bytes.length));
      expect(head.rawPayload.length).toBe(0);
      const known = await ask(`/ipfs/${cid}`, { "if-none-match": `"${cid}.raw"` });
      expect(known.statusCode).toBe(304);
      expect(known.rawPayload.length).toBe(0);
    },
  );

  it("never holds a large block in memory", async () => {
    const get = blobs.get;
    blobs.get = () => Promise.reject(new Error("the whole block was read"));
    try {
      const answer = await ask(`/ipfs/${cidByHand(files.manifest)}?format=raw`);
      expect(answer.rawPayload.equals(files.manifest)).toBe(true);
      const head = await ask(`/ipfs/${cidByHand(files.descriptor)}`, {}, "HEAD");
      expect(head.statusCode).toBe(200);
    } finally {
      blobs.get = get;
    }
  });

  it("serves no ciphertext, and nothing that is not here", async () => {
    for (const bytes of [ciphertext, utf8("never stored")]) {
      for (const method of ["GET", "HEAD"] as const) {
        const answer = await ask(`/ipfs/${cidByHand(bytes)}?format=raw`, {}, method);
        expect(answer.statusCode).toBe(404);
      }
      expect((await ask(`/ipfs/${cidByHand(bytes)}`)).json()).toMatchObject({ code: "GATEWAY_BLOB_UNKNOWN" });
    }
  });

  it.each([
    ["as a CAR by its query", "?format=car", {}],
    ["as a CAR by its header", "", { accept: "application/vnd.ipld.car" }],
    ["as a CAR with its version", "?format=raw", { accept: "application/vnd.ipld.car; version=1" }],
    ["as a TAR", "?format=tar", {}],
    ["as DAG-JSON", "", { accept: "application/vnd.ipld.dag-json" }],
    ["as a name's record", "?format=ipns-record", {}],
  ])("refuses a block %s, and says how it is had", async (_, query, headers) => {
    const answer = await ask(`/ipfs/${cidByHand(files.descriptor)}${query}`, headers);
    expect(answer.statusCode).toBe(406);
    expect(answer.json()).toMatchObject({
      code: "GATEWAY_FORMAT_UNAVAILABLE",
      hint: expect.stringContaining("?format=raw"),
    });
  });

  const descriptor = cidByHand(files.descriptor);
  it.each([
    ["another codec", cidByHand(files.descriptor, 0x70)],
    ["version 0", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"],
    ["capital letters", descriptor.toUpperCase()],
    ["a letter too few", descriptor.slice(0, -1)],
    ["no multibase", descriptor.slice(1)],
    ["a way out of the store", `${"..%2F".repeat(9)}etc%2Fpasswd`],
  ])("refuses a content id of %s, and says which one to use", async (_, cid) => {
    const answer = await ask(`/ipfs/${cid}?format=raw`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: "GATEWAY_INVALID_REQUEST" });
  });

  it("refuses a path below a block, and says what to ask for", async () => {
    const answer = await ask(`/ipfs/${descriptor}/index.html`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ hint: "Ask for /ipfs/<content id>?format=raw alone." });
  });
});
