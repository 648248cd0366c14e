import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Hex } from "viem";
import { collectBytes } from "@salus/sdk/crypto/index";
import { UPLOAD_PIECE_BYTES } from "@salus/sdk/gateway/uploads";
import { openBlobs } from "./blobs.ts";
import { openFileObjects } from "./file-objects.ts";
import type { ObjectStore } from "./objects.ts";
import { type S3Double, startS3Double } from "./s3-double.fixture.ts";
import { openS3Objects, type S3Settings } from "./s3-objects.ts";

let dir: string;
let double: S3Double;
beforeAll(async () => void (double = await startS3Double()));
afterAll(() => double.stop());
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "salus-blobs-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A real server: S3_URL is the bucket's address, with S3_REGION, S3_ACCESS_KEY and S3_SECRET_KEY. */
const real = process.env["S3_URL"];
const realSettings = (): S3Settings => ({
  url: real!,
  region: process.env["S3_REGION"] ?? "us-east-1",
  accessKey: process.env["S3_ACCESS_KEY"]!,
  secretKey: process.env["S3_SECRET_KEY"]!,
});

const bytes = new TextEncoder().encode("ciphertext");
const sha256 = (data: Uint8Array) => `0x${createHash("sha256").update(data).digest("hex")}` as Hex;
const digest = sha256(bytes);

const adapters: [string, boolean, () => Promise<ObjectStore>][] = [
  ["the file system", true, () => openFileObjects(dir)],
  ["S3, a double", true, async () => openS3Objects(double.settings, randomUUID())],
  [
    `S3, the server at S3_URL${real ? "" : " (skipped: S3_URL is not set)"}`,
    real !== undefined,
    async () => openS3Objects(realSettings(), randomUUID()),
  ],
];

describe.each(adapters)("objects on %s", (_, here, open) => {
  it.skipIf(!here)("are kept, listed, measured, read in part, replaced and removed", async () => {
    const objects = await open();
    expect(await objects.get("ab/1")).toBeUndefined();
    expect(await objects.size("ab/1")).toBeUndefined();
    expect(await objects.read("ab/1")).toBeUndefined();
    for (const key of ["ab/1", "ab/2", "ab/3", "ab/4", "b/1", "abc/1"]) await objects.put(key, bytes);
    await objects.put("ab/4", new Uint8Array());
    expect(new Uint8Array((await objects.get("ab/1"))!)).toEqual(bytes);
    expect(await objects.size("ab/1")).toBe(10);
    expect(await objects.size("ab/4")).toBe(0);
    const part = await collectBytes((await objects.read("ab/1", { start: 2, end: 6 }))!);
    expect(new TextDecoder().decode(part)).toBe("pher");
    expect((await collectBytes((await objects.read("ab/1", { start: 3, end: 3 }))!)).length).toBe(0);
    expect((await collectBytes((await objects.read("ab/1"))!)).length).toBe(10);
    expect(await objects.list("ab/")).toEqual([
      { key: "ab/1", size: 10 },
      { key: "ab/2", size: 10 },
      { key: "ab/3", size: 10 },
      { key: "ab/4", size: 0 },
    ]);
    await objects.delete("ab/1");
    await objects.delete("ab/1");
    expect(await objects.get("ab/1")).toBeUndefined();
    expect(await objects.list("none/")).toEqual([]);
  });

  it.skipIf(!here)("become one of many", async () => {
    const objects = await open();
    const parts = [randomBytes(5 * 2 ** 20), randomBytes(5 * 2 ** 20 + 1), randomBytes(9)];
    for (const [i, part] of parts.entries()) await objects.put(`parts/${i}`, part);
    await objects.join(["parts/0", "parts/1", "parts/2"], "whole");
    expect(Buffer.concat(parts).equals((await objects.get("whole"))!)).toBe(true);
    await expect(objects.join(["parts/0", "parts/9"], "other")).rejects.toThrow();
    expect(await objects.get("other")).toBeUndefined();
  });

  it.skipIf(!here)("have no names that lead out of the store", async () => {
    const objects = await open();
    for (const key of ["../x", "/x", "a//b", "a/../b", "", "A", "a/", "a b"]) {
      await expect((async () => objects.put(key, bytes))(), key).rejects.toThrow(/name in the store/);
    }
  });
});

describe.each(adapters)("blobs on %s", (_, here, open) => {
  it.skipIf(!here)("are kept under their digest, given whole or in part, and removed", async () => {
    const store = openBlobs(await open());
    expect(await store.size(digest)).toBeUndefined();
    await expect(store.get(digest)).rejects.toMatchObject({ code: "GATEWAY_BLOB_UNKNOWN" });
    await expect(store.read(digest)).rejects.toMatchObject({ code: "GATEWAY_BLOB_UNKNOWN" });
    expect(await store.put(bytes)).toBe(digest);
    expect(await store.put(bytes)).toBe(digest);
    expect(await store.size(digest)).toBe(bytes.length);
    expect(new Uint8Array(await store.get(digest))).toEqual(bytes);
    expect((await collectBytes(await store.read(digest, { start: 1, end: 3 }))).length).toBe(2);
    await store.delete(digest);
    expect(await store.size(digest)).toBeUndefined();
  });

  it.skipIf(!here)("that are damaged are never served", async () => {
    const objects = await open();
    const store = openBlobs(objects);
    await store.put(bytes);
    await objects.put(`${digest.slice(2, 4)}/${digest.slice(2)}`, new TextEncoder().encode("other bytes"));
    await expect(store.get(digest)).rejects.toMatchObject({ code: "GATEWAY_DIGEST_MISMATCH" });
  });

  it.skipIf(!here)("arrive in pieces, and go on where they broke off", async () => {
    const objects = await open();
    const { partials } = openBlobs(objects);
    const whole = randomBytes(2 * UPLOAD_PIECE_BYTES + 100);
    const piece = (i: number) => whole.subarray(i * UPLOAD_PIECE_BYTES, (i + 1) * UPLOAD_PIECE_BYTES);
    const id = randomUUID();
    expect(await partials.offset(id)).toBe(0);
    await partials.append(id, 0, piece(0));
    await partials.append(id, 2 * UPLOAD_PIECE_BYTES, piece(2));
    // Another process finds what is durable: the piece after the gap does not count.
    const store = openBlobs(objects);
    expect(await store.partials.offset(id)).toBe(UPLOAD_PIECE_BYTES);
    await store.partials.append(id, UPLOAD_PIECE_BYTES, piece(1));
    expect(await store.partials.offset(id)).toBe(whole.length);
    await expect(store.partials.complete(id, digest)).rejects.toMatchObject({
      code: "GATEWAY_DIGEST_MISMATCH",
    });
    expect(await store.size(digest)).toBeUndefined();
    await store.partials.complete(id, sha256(whole));
    expect(Buffer.from(await store.get(sha256(whole))).equals(whole)).toBe(true);
    expect(await objects.list("partial/")).toEqual([]);
  });

  it.skipIf(!here)("of nothing, and discarded ones, leave no pieces", async () => {
    const objects = await open();
    const { partials, size } = openBlobs(objects);
    const empty = randomUUID();
    await partials.complete(empty, sha256(new Uint8Array()));
    expect(await size(sha256(new Uint8Array()))).toBe(0);
    await partials.append(empty, 0, bytes);
    await partials.discard(empty);
    expect(await objects.list("partial/")).toEqual([]);
  });
});

describe("the file system's store", () => {
  it("leaves no drafts, and removes those of a crash, but none that another process is writing", async () => {
    const folder = digest.slice(2, 4);
    mkdirSync(join(dir, folder));
    const [old, fresh] = [1234, 5678].map((n) => `${digest.slice(2)}.${n}.draft`);
    for (const draft of [old!, fresh!]) writeFileSync(join(dir, folder, draft), "half");
    const dayAgo = Date.now() / 1000 - 86_400;
    utimesSync(join(dir, folder, old!), dayAgo, dayAgo);
    const objects = await openFileObjects(dir);
    await openBlobs(objects).put(bytes);
    expect(readdirSync(join(dir, folder)).toSorted()).toEqual([digest.slice(2), fresh!]);
    utimesSync(join(dir, folder, fresh!), dayAgo, dayAgo);
    await objects.sweep!();
    expect(readdirSync(join(dir, folder))).toEqual([digest.slice(2)]);
  });
});

describe("the S3 adapter", () => {
  const other = (change: Partial<S3Settings>) => openS3Objects({ ...double.settings, ...change }, "x");

  it("is refused with another key, and says so without it", async () => {
    const error = await other({ secretKey: "wrong" })
      .put("a", bytes)
      .catch((cause: Error) => cause);
    expect(error).toMatchObject({ name: "S3Error", status: 403 });
    expect(String(error)).toMatch(/SignatureDoesNotMatch/);
    expect(String(error)).not.toMatch(/wrong|secret/);
    await expect(other({ accessKey: "else" }).get("a")).rejects.toMatchObject({ status: 403 });
  });

  it("tries again when the server is busy", async () => {
    double.busy(2);
    const objects = other({});
    await objects.put("busy", bytes);
    expect(await objects.size("busy")).toBe(10);
  });

  it("leaves no half-made object or open upload when a part is too small", async () => {
    const objects = other({});
    await objects.put("small/1", bytes);
    await objects.put("small/2", bytes);
    await expect(objects.join(["small/1", "small/2"], "joined")).rejects.toThrow(/EntityTooSmall/);
    expect(double.openUploads()).toBe(0);
    expect(await objects.size("joined")).toBeUndefined();
  });
});
