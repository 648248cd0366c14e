/** An account secret as it lies on a device: AES-256-GCM under a key that no script can export. */
export interface WrappedSecret {
  /** Non-extractable; structured cloning lets IndexedDB keep it without revealing its bytes. */
  key: CryptoKey;
  /** 96 bits, fresh for each wrapping. */
  iv: Uint8Array;
  ciphertext: Uint8Array;
}

/** Binds the ciphertext to its use, so that a record of another kind never opens as an account. */
const CONTEXT = new TextEncoder().encode("salus account secret v1");

/** Wraps a secret under a new non-extractable key. */
export async function wrapSecret(secret: Uint8Array): Promise<WrappedSecret> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(parameters(iv), key, secret as BufferSource);
  return { key, iv, ciphertext: new Uint8Array(sealed) };
}

/** Opens a wrapped secret. The caller wipes what it gets. */
export async function unwrapSecret(wrapped: WrappedSecret): Promise<Uint8Array> {
  const opened = await crypto.subtle.decrypt(
    parameters(wrapped.iv),
    wrapped.key,
    wrapped.ciphertext as BufferSource,
  );
  return new Uint8Array(opened);
}

function parameters(iv: Uint8Array): AesGcmParams {
  return { name: "AES-GCM", iv: iv as BufferSource, additionalData: CONTEXT };
}
