/** Base64 (RFC 4648 §4) of bytes, in chunks that the argument limit of String.fromCharCode allows. */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 32_768) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  }
  return btoa(binary);
}

/** Bytes of base64 text. @throws DOMException when it is none; the gateway's schemas check before */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
