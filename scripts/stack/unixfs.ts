import { createHash } from "node:crypto";
import { CID } from "multiformats/cid";
import { create } from "multiformats/hashes/digest";

const CODE_DAG_PB = 0x70;
const CODE_SHA2_256 = 0x12;
const UNIXFS_FILE = 2;

/**
 * The CIDv0 of a file kept in a single UnixFS block (protobuf of the dag-pb and UnixFS specifications). IPFS itself cuts
 * files above 256 KiB into several blocks, so for those another, equally valid, CID results.
 */
export function fileCid(content: Uint8Array): string {
  // UnixFS Data: 1 = type, 2 = the bytes, 3 = their number. dag-pb PBNode: 1 = that message, and no links.
  const data = Buffer.concat([
    Buffer.from([0x08, UNIXFS_FILE, 0x12]),
    varint(content.length),
    content,
    Buffer.from([0x18]),
    varint(content.length),
  ]);
  const node = Buffer.concat([Buffer.from([0x0a]), varint(data.length), data]);
  const digest = createHash("sha256").update(node).digest();
  return CID.create(0, CODE_DAG_PB, create(CODE_SHA2_256, digest)).toString();
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
