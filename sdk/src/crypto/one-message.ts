import { concat, plainBytes } from "./bytes.ts";
import { nodeCrypto } from "./platform.ts";

/* AES-256-GCM of one whole message, by the fastest means of the platform. */

type NodeCrypto = NonNullable<typeof nodeCrypto>;

/** Key (32 bytes), nonce (12 bytes) and associated data of one message. */
export type MessageCipher = { key: Uint8Array; nonce: Uint8Array; additionalData: Uint8Array };

const TAG_BYTES = 16;

/**
 * Ciphertext and tag of a message. In Node it is encrypted at once: handing a few kilobytes to another thread takes longer.
 *
 * @param platform Node's crypto; null for WebCrypto
 */
export async function sealMessage(
  { key, nonce, additionalData }: MessageCipher,
  plaintext: Uint8Array,
  platform: NodeCrypto | null = nodeCrypto,
): Promise<Uint8Array<ArrayBuffer>> {
  if (platform) {
    const cipher = platform.createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(additionalData);
    return concat(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
  }
  const { subtle } = globalThis.crypto;
  const cryptoKey = await subtle.importKey("raw", plainBytes(key), "AES-GCM", false, ["encrypt"]);
  return new Uint8Array(await subtle.encrypt(gcm(nonce, additionalData), cryptoKey, plainBytes(plaintext)));
}

/**
 * Opens what {@link sealMessage} made.
 *
 * @throws the platform's error when it is not authentic
 */
export async function openMessage(
  { key, nonce, additionalData }: MessageCipher,
  sealed: Uint8Array,
  platform: NodeCrypto | null = nodeCrypto,
): Promise<Uint8Array<ArrayBuffer>> {
  if (platform) {
    // Without the length a tag of four bytes would do.
    const decipher = platform.createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(additionalData).setAuthTag(sealed.subarray(-TAG_BYTES));
    const opened = decipher.update(sealed.subarray(0, -TAG_BYTES));
    decipher.final();
    return plainBytes(opened);
  }
  const { subtle } = globalThis.crypto;
  const cryptoKey = await subtle.importKey("raw", plainBytes(key), "AES-GCM", false, ["decrypt"]);
  return new Uint8Array(await subtle.decrypt(gcm(nonce, additionalData), cryptoKey, plainBytes(sealed)));
}

function gcm(nonce: Uint8Array, additionalData: Uint8Array): AesGcmParams {
  return { name: "AES-GCM", iv: plainBytes(nonce), additionalData: plainBytes(additionalData) };
}
