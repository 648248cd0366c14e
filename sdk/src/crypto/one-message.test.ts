import { createCipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import { concat } from "./bytes.ts";
import { openMessage, sealMessage } from "./one-message.ts";
import { nodeCrypto } from "./platform.ts";

const cipher = {
  key: new Uint8Array(32).fill(1),
  nonce: new Uint8Array(12).fill(2),
  additionalData: new Uint8Array(9).fill(3),
};
const plaintext = new TextEncoder().encode("a record");

/** Plain calls, as an oracle. */
function oracle(bytes: Uint8Array): Uint8Array {
  const gcm = createCipheriv("aes-256-gcm", cipher.key, cipher.nonce).setAAD(cipher.additionalData);
  return concat(gcm.update(bytes), gcm.final(), gcm.getAuthTag());
}

describe.each([
  ["Node's crypto", nodeCrypto],
  ["WebCrypto", null],
] as const)("one message by %s", (_, platform) => {
  it("is AES-256-GCM and opens to itself", async () => {
    const sealed = await sealMessage(cipher, plaintext, platform);
    expect(sealed).toEqual(new Uint8Array(oracle(plaintext)));
    expect(await openMessage(cipher, sealed, platform)).toEqual(plaintext);
  });

  it("does not open when it, its nonce or its associated data are others, or its tag is cut", async () => {
    const sealed = await sealMessage(cipher, plaintext, platform);
    const changed = sealed.slice();
    changed[0]! ^= 1;
    await expect(openMessage(cipher, changed, platform)).rejects.toThrow();
    await expect(openMessage(cipher, sealed.subarray(1), platform)).rejects.toThrow();
    const other = new Uint8Array(12);
    await expect(openMessage({ ...cipher, nonce: other }, sealed, platform)).rejects.toThrow();
    await expect(openMessage({ ...cipher, additionalData: other }, sealed, platform)).rejects.toThrow();
    // The right tag over no plaintext, cut to four bytes.
    const cut = new Uint8Array(oracle(new Uint8Array())).subarray(0, 4);
    await expect(openMessage(cipher, cut, platform)).rejects.toThrow();
  });
});
