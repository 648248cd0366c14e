import { SalusError } from "../errors.ts";

/** Node's own, ten times as fast as what browsers have in common with it. */
const node = globalThis as {
  Buffer?: {
    from(buffer: ArrayBufferLike, at: number, length: number): { toString(form: "base64"): string };
  };
};

/** Base64 (RFC 4648 §4) of bytes, in chunks that the argument limit of String.fromCharCode allows. */
export function toBase64(bytes: Uint8Array): string {
  if (node.Buffer) return node.Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
  let binary = "";
  for (let at = 0; at < bytes.length; at += 32_768) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  }
  return btoa(binary);
}

/** Bytes of base64 text. @throws SDK_INVALID_INPUT when it is none */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    // Without the cause and the text: what is sealed or secret may stand in it.
    throw new SalusError({ code: "SDK_INVALID_INPUT", message: "The text is not base64." });
  }
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
