import { Bytes } from "@graphprotocol/graph-ts";

// RFC 4648 base32 in lower case without padding, which multibase announces as "b".
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** CIDv1 of a file with this SHA-256, stored as one raw block: version 1, codec raw, multihash sha2-256 of 32 bytes. */
export function rawCid(digest: Bytes): string {
  const prefix = Bytes.fromHexString("0x01551220");
  return "b" + base32(prefix.concat(digest));
}

function base32(bytes: Bytes): string {
  let text = "";
  let buffer: u32 = 0;
  let bits = 0;
  for (let i = 0; i < bytes.length; i++) {
    buffer = ((buffer << 8) | bytes[i]) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((buffer >> bits) & 31);
    }
  }
  return bits > 0 ? text + ALPHABET.charAt((buffer << (5 - bits)) & 31) : text;
}
