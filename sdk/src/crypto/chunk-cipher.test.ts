import { createCipheriv, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { collectBytes, concat } from "./bytes.ts";
import { chunkOpener, type ChunkPart, type ChunkScheme, sealChunks } from "./chunk-cipher.ts";
import { nodeCrypto } from "./platform.ts";

const scheme: ChunkScheme = {
  key: new Uint8Array(32).fill(7),
  additionalData: new Uint8Array(50).fill(3),
  nonceOf: (chunk, last) => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 0, 0, 0, chunk, last ? 1 : 0),
};
const chunks = [randomBytes(1000), randomBytes(1000), randomBytes(10)];
const platforms = [
  ["Node's crypto", nodeCrypto],
  ["WebCrypto", null],
] as const;

/** The chunks in parts whose memory is used again as soon as the next part is asked for. */
async function* parts(): AsyncGenerator<ChunkPart> {
  const room = new Uint8Array(300);
  for (const [chunk, bytes] of chunks.entries()) {
    for (let at = 0; at < bytes.length; at += room.length) {
      const piece = bytes.subarray(at, at + room.length);
      room.set(piece);
      const ends = at + room.length >= bytes.length;
      yield { bytes: room.subarray(0, piece.length), chunk, last: chunk === 2, ends };
    }
  }
}

/** The same by plain calls, as an oracle. */
const sealed = chunks.map((bytes, i) => {
  const cipher = createCipheriv("aes-256-gcm", scheme.key, scheme.nonceOf(i, i === 2));
  cipher.setAAD(scheme.additionalData);
  return concat(cipher.update(bytes), cipher.final(), cipher.getAuthTag());
});

describe.each(platforms)("chunks by %s", (_, platform) => {
  it("are AES-256-GCM, whatever parts they come in, also when the key is wiped meanwhile", async () => {
    const own = { ...scheme, key: scheme.key.slice() };
    const seal = await sealChunks(own, platform);
    own.key.fill(0);
    const envelope = await collectBytes(seal(parts()));
    expect(Buffer.from(envelope).equals(concat(...sealed))).toBe(true);
  });

  it("open with their own place and the whole tag only", async () => {
    const open = await chunkOpener(scheme, platform);
    for (const [i, bytes] of chunks.entries()) {
      expect(Buffer.from(await open(sealed[i]!, i, i === 2)).equals(bytes)).toBe(true);
    }
    const opened = async (bytes: Uint8Array<ArrayBuffer>, chunk: number, last: boolean) =>
      open(bytes, chunk, last);
    await expect(opened(sealed[0]!, 1, false)).rejects.toThrow();
    await expect(opened(sealed[0]!, 0, true)).rejects.toThrow();
    await expect(opened(sealed[0]!.slice(0, -1), 0, false)).rejects.toThrow();
    // The first four bytes of the right tag over no plaintext.
    const cipher = createCipheriv("aes-256-gcm", scheme.key, scheme.nonceOf(0, true));
    cipher.setAAD(scheme.additionalData).final();
    await expect(opened(new Uint8Array(cipher.getAuthTag().subarray(0, 4)), 0, true)).rejects.toThrow();
  });
});
