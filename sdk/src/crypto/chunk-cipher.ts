import { plainBytes } from "./bytes.ts";
import { nodeCrypto } from "./platform.ts";

/* AES-256-GCM over the chunks of a stream, by the fastest means of the platform. */

type Bytes = Uint8Array<ArrayBuffer>;
type NodeCrypto = NonNullable<typeof nodeCrypto>;

/** Bytes of a chunk's authentication tag. */
export const TAG_BYTES = 16;

/** What every chunk of one stream has in common. */
export type ChunkScheme = {
  /** 32 bytes */
  key: Uint8Array;
  additionalData: Bytes;
  nonceOf(chunk: number, last: boolean): Bytes;
};

/** Part of a chunk's plaintext, valid until the next is asked for. `ends`: nothing of its chunk follows. */
export type ChunkPart = { bytes: Uint8Array; chunk: number; last: boolean; ends: boolean };

/** Decrypts one chunk. @throws when it is not authentic; the platform's error says no more */
export type ChunkOpener = (sealed: Bytes, chunk: number, last: boolean) => Promise<Bytes> | Bytes;

/** Chunks encrypted ahead of the reader by WebCrypto: they keep two of the platform's threads busy. */
const AHEAD = 3;

/**
 * Encrypts chunks given part by part. Each chunk comes out as its ciphertext and tag, in pieces of any size. The scheme's key
 * is copied: who made it may wipe it.
 *
 * @param platform Node's crypto; null for WebCrypto
 */
export async function sealChunks(
  scheme: ChunkScheme,
  platform: NodeCrypto | null = nodeCrypto,
): Promise<(parts: AsyncIterable<ChunkPart>) => AsyncGenerator<Bytes>> {
  if (platform) {
    const key = platform.createSecretKey(scheme.key);
    return (parts) => sealInNode(platform, key, scheme, parts);
  }
  const key = await importKey(scheme.key, "encrypt");
  return (parts) => sealByWebCrypto(key, scheme, parts);
}

/** Makes the {@link ChunkOpener} of a stream. The scheme's key is copied. */
export async function chunkOpener(
  scheme: ChunkScheme,
  platform: NodeCrypto | null = nodeCrypto,
): Promise<ChunkOpener> {
  if (platform) {
    const key = platform.createSecretKey(scheme.key);
    return (sealed, chunk, last) => {
      // Without the length a tag of four bytes would do.
      const decipher = platform.createDecipheriv("aes-256-gcm", key, scheme.nonceOf(chunk, last), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(scheme.additionalData).setAuthTag(sealed.subarray(-TAG_BYTES));
      const opened = decipher.update(sealed.subarray(0, -TAG_BYTES));
      decipher.final();
      return plainBytes(opened);
    };
  }
  const key = await importKey(scheme.key, "decrypt");
  return async (sealed, chunk, last) =>
    new Uint8Array(await globalThis.crypto.subtle.decrypt(gcm(scheme, chunk, last), key, sealed));
}

async function* sealInNode(
  platform: NodeCrypto,
  key: import("node:crypto").KeyObject,
  { additionalData, nonceOf }: ChunkScheme,
  parts: AsyncIterable<ChunkPart>,
): AsyncGenerator<Bytes> {
  let cipher: import("node:crypto").CipherGCM | undefined;
  for await (const { bytes, chunk, last, ends } of parts) {
    cipher ??= platform
      .createCipheriv("aes-256-gcm", key, nonceOf(chunk, last), { authTagLength: TAG_BYTES })
      .setAAD(additionalData);
    if (bytes.length > 0) yield plainBytes(cipher.update(bytes));
    if (!ends) continue;
    cipher.final();
    yield plainBytes(cipher.getAuthTag());
    cipher = undefined;
  }
}

async function* sealByWebCrypto(
  key: CryptoKey,
  scheme: ChunkScheme,
  parts: AsyncIterable<ChunkPart>,
): AsyncGenerator<Bytes> {
  const waiting: Promise<Bytes>[] = [];
  let held: Uint8Array[] = [];
  for await (const { bytes, chunk, last, ends } of parts) {
    held.push(bytes.slice());
    if (!ends) continue;
    const whole = joined(held);
    held = [];
    const sealed = globalThis.crypto.subtle
      .encrypt(gcm(scheme, chunk, last), key, whole)
      .then((encrypted) => new Uint8Array(encrypted));
    sealed.catch(() => undefined); // it is thrown where it is awaited
    waiting.push(sealed);
    if (waiting.length >= AHEAD) yield await waiting.shift()!;
  }
  for (const sealed of waiting) yield await sealed;
}

function joined(pieces: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function gcm({ additionalData, nonceOf }: ChunkScheme, chunk: number, last: boolean): AesGcmParams {
  return { name: "AES-GCM", iv: nonceOf(chunk, last), additionalData };
}

function importKey(key: Uint8Array, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return globalThis.crypto.subtle.importKey("raw", plainBytes(key), "AES-GCM", false, [use]);
}
