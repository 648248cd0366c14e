import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Hex } from "viem";
import { openBlobStore } from "./blobs.ts";

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "salus-blobs-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const bytes = new TextEncoder().encode("ciphertext");
const digest = `0x${createHash("sha256").update(bytes).digest("hex")}` as Hex;

describe("the blob store", () => {
  it("keeps bytes under their digest, also when opened again, and leaves no drafts", async () => {
    const store = await openBlobStore(dir);
    expect(await store.size(digest)).toBeUndefined();
    expect(await store.put(bytes)).toBe(digest);
    expect(await store.put(bytes)).toBe(digest);
    expect(await (await openBlobStore(dir)).size(digest)).toBe(bytes.length);
    expect(new Uint8Array(await store.get(digest))).toEqual(bytes);
    expect(readdirSync(join(dir, digest.slice(2, 4)))).toEqual([digest.slice(2)]);
  });

  it("says what it does not have, and never serves a damaged file", async () => {
    const store = await openBlobStore(dir);
    await expect(store.get(digest)).rejects.toMatchObject({ code: "GATEWAY_BLOB_UNKNOWN" });
    await store.put(bytes);
    writeFileSync(join(dir, digest.slice(2, 4), digest.slice(2)), "other bytes");
    await expect(store.get(digest)).rejects.toMatchObject({ code: "GATEWAY_DIGEST_MISMATCH" });
  });
});
