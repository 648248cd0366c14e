import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Hex } from "viem";
import { digestFromCid } from "@salus/sdk/cid";
import { sha256, toHex } from "@salus/sdk/crypto/index";
import { GatewayError } from "../errors/gateway-error.ts";

/** Content-addressed files: `<dir>/<first two digits>/<SHA-256>`. */
export type BlobStore = {
  /** Stores bytes under their digest; a second time does nothing. */
  put(bytes: Uint8Array): Promise<Hex>;
  /** @throws GATEWAY_BLOB_UNKNOWN, GATEWAY_DIGEST_MISMATCH when the file on disk was damaged */
  get(digest: Hex): Promise<Uint8Array>;
  /** Size in bytes; undefined when it is not here. */
  size(digest: Hex): Promise<number | undefined>;
};

/** Opens the store in a folder of the local file system. */
export async function openBlobStore(dir: string): Promise<BlobStore> {
  await mkdir(dir, { recursive: true });
  const pathOf = (digest: Hex) => join(dir, digest.slice(2, 4), digest.slice(2));
  const size = async (digest: Hex) =>
    stat(pathOf(digest)).then(
      (found) => found.size,
      (error: NodeJS.ErrnoException) => absent(error),
    );
  return {
    size,
    async put(bytes) {
      const digest = toHex(sha256(bytes));
      if ((await size(digest)) === undefined) await writeWhole(pathOf(digest), bytes);
      return digest;
    },
    async get(digest) {
      const bytes = await readFile(pathOf(digest)).catch((error: NodeJS.ErrnoException) => absent(error));
      if (!bytes) throw new GatewayError("GATEWAY_BLOB_UNKNOWN", `This gateway holds no blob ${digest}.`);
      if (toHex(sha256(bytes)) === digest) return bytes;
      throw new GatewayError("GATEWAY_DIGEST_MISMATCH", `The stored blob ${digest} is damaged.`, {
        hint: "Fetch it from another gateway of the dataset's gateway set.",
      });
    },
  };
}

/** Digest of a content id. @throws GATEWAY_INVALID_REQUEST */
export function digestOf(cid: string): Hex {
  try {
    return digestFromCid(cid);
  } catch (cause) {
    throw new GatewayError("GATEWAY_INVALID_REQUEST", (cause as Error).message, { cause });
  }
}

/** The file appears whole or not at all, also after a crash. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
