import type { Address, Hex } from "viem";
import { concat } from "./bytes.ts";
import { domainTag, keccak256 } from "./hash.ts";
import { encodeWords, type WordField } from "./words.ts";

/** Where a dataset lives: chain, asset registry and token id. */
export type DatasetContext = { chainId: number; registry: Address; dataset: bigint };

/** Everything a record's ciphertext and key are bound to. */
export type RecordContext = DatasetContext & {
  /** the version in which this record was first listed */
  originVersion: number;
  /** 32 random bytes, one for each record */
  recordId: Hex;
  /** digest of the record's schema */
  schema: Hex;
};

const recordFields = [
  { name: "chainId", type: "uint256" },
  { name: "registry", type: "address" },
  { name: "dataset", type: "uint256" },
  { name: "originVersion", type: "uint16" },
  { name: "recordId", type: "bytes32" },
  { name: "schema", type: "bytes32" },
] as const satisfies readonly WordField[];

const RECORD_TAG = domainTag("salus.record.v1");

/** Canonical bytes of a record's context: domain tag ‖ abi.encode of its six fields. 224 bytes. */
export function encodeRecordContext(context: RecordContext): Uint8Array<ArrayBuffer> {
  return concat(RECORD_TAG, encodeWords(recordFields, context));
}

/** keccak256 of {@link encodeRecordContext}: what commitments to a record's key and shares are bound to. */
export function recordContextDigest(context: RecordContext): Uint8Array {
  return keccak256(encodeRecordContext(context));
}
