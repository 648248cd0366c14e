import { createHash } from "node:crypto";
import type { Hex } from "viem";
import { digestFromCid } from "@salus/sdk/cid";
import { sha256, toHex } from "@salus/sdk/crypto/index";
import { UPLOAD_PIECE_BYTES } from "@salus/sdk/gateway/uploads";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { openFileObjects } from "./file-objects.ts";
import type { ByteRange, ObjectStore } from "./objects.ts";

/** Content-addressed bytes, and uploads that are not complete yet. */
export type BlobStore = {
  /** Stores bytes under their digest; a second time does nothing. */
  put(bytes: Uint8Array): Promise<Hex>;
  /** @throws GATEWAY_BLOB_UNKNOWN, GATEWAY_DIGEST_MISMATCH when what is stored was damaged */
  get(digest: Hex): Promise<Uint8Array>;
  /** Size in bytes; undefined when it is not here. */
  size(digest: Hex): Promise<number | undefined>;
  /** Bytes in pieces, in constant memory and unchecked: the reader checks the digest. @throws GATEWAY_BLOB_UNKNOWN */
  read(digest: Hex, range?: ByteRange): Promise<AsyncIterable<Uint8Array>>;
  /** Removes a blob for good. */
  delete(digest: Hex): Promise<void>;
  partials: PartialStore;
};

/** Uploads in pieces of {@link UPLOAD_PIECE_BYTES}, the last one shorter; each piece is durable when `append` returns. */
export type PartialStore = {
  /** bytes that are here without a gap */
  offset(id: string): Promise<number>;
  append(id: string, offset: number, piece: Uint8Array): Promise<void>;
  /** Makes a blob of the pieces if they have this digest, and removes them. @throws GATEWAY_DIGEST_MISMATCH */
  complete(id: string, digest: Hex): Promise<void>;
  discard(id: string): Promise<void>;
};

/** Opens the store over objects. */
export function openBlobs(objects: ObjectStore): BlobStore {
  const keyOf = (digest: Hex) => `${digest.slice(2, 4)}/${digest.slice(2)}`;
  const size = (digest: Hex) => objects.size(keyOf(digest));
  return {
    size,
    async put(bytes) {
      const digest = toHex(sha256(bytes));
      if ((await size(digest)) === undefined) await objects.put(keyOf(digest), bytes);
      return digest;
    },
    async get(digest) {
      const bytes = await objects.get(keyOf(digest));
      if (!bytes) throw unknown(digest);
      if (toHex(sha256(bytes)) === digest) return bytes;
      throw new GatewayError("GATEWAY_DIGEST_MISMATCH", `The stored blob ${digest} is damaged.`, {
        hint: "Fetch it from another gateway of the dataset's gateway set.",
      });
    },
    async read(digest, range) {
      const pieces = await objects.read(keyOf(digest), range);
      if (!pieces) throw unknown(digest);
      return pieces;
    },
    delete: (digest) => objects.delete(keyOf(digest)),
    partials: openPartials(objects, keyOf),
  };
}

/** Opens the store in a folder of the local file system. */
export async function openBlobStore(dir: string): Promise<BlobStore> {
  return openBlobs(await openFileObjects(dir));
}

function openPartials(objects: ObjectStore, keyOf: (digest: Hex) => string): PartialStore {
  const folderOf = (id: string) => `partial/${id}/`;
  const pieces = (id: string) => objects.list(folderOf(id));
  const discard = async (id: string) => {
    for (const { key } of await pieces(id)) await objects.delete(key);
  };
  return {
    async offset(id) {
      let offset = 0;
      for (const { key, size } of await pieces(id)) {
        if (key !== pieceKey(folderOf(id), offset)) break;
        offset += size;
      }
      return offset;
    },
    append: (id, offset, piece) => objects.put(pieceKey(folderOf(id), offset), piece),
    async complete(id, digest) {
      const keys = (await pieces(id)).map(({ key }) => key);
      const hash = createHash("sha256");
      for (const key of keys) for await (const piece of (await objects.read(key))!) hash.update(piece);
      const actual = toHex(hash.digest());
      if (actual !== digest) {
        throw new GatewayError(
          "GATEWAY_DIGEST_MISMATCH",
          `The uploaded bytes have the SHA-256 ${actual}, not ${digest}.`,
        );
      }
      if (keys.length === 0) await objects.put(keyOf(digest), new Uint8Array());
      else await objects.join(keys, keyOf(digest));
      reached("upload.joined");
      await discard(id);
    },
    discard,
  };
}

/** Sorts as its offset does. */
function pieceKey(folder: string, offset: number): string {
  return `${folder}${String(offset / UPLOAD_PIECE_BYTES).padStart(8, "0")}`;
}

/** Digest of a content id. @throws GATEWAY_INVALID_REQUEST */
export function digestOf(cid: string): Hex {
  try {
    return digestFromCid(cid);
  } catch (cause) {
    throw new GatewayError("GATEWAY_INVALID_REQUEST", (cause as Error).message, { cause });
  }
}

function unknown(digest: Hex): GatewayError {
  return new GatewayError("GATEWAY_BLOB_UNKNOWN", `This gateway holds no blob ${digest}.`);
}
