import type { Hex } from "#lib/data/types.ts";

/** SHA-256 of a file, which is what goes on record of it; the file itself leaves the device for nowhere. */
export async function fileDigest(file: Blob): Promise<Hex> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return `0x${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
