import { encodeAbiParameters, keccak256, stringToBytes, type Hex } from "viem";
import { jobCommitment } from "../orders/job-commitment.ts";
import { canonicalJson, type Json } from "../records/canonical-json.ts";
import type { LogPosition } from "./types.ts";

/** Job commitment of a download, which runs nothing. */
export const NO_JOB: Hex = `0x${"00".repeat(32)}`;

/**
 * An order's job commitment, and a receipt's to the job's parameters: `jobCommitment` over their canonical JSON. The salt
 * hides them from all who do not get it from the buyer.
 *
 * @param value the job as compute's catalogue describes it; for model use `{inference: 1, features}`
 */
export function commitJson(value: unknown, salt: Hex): Hex {
  return jobCommitment(salt, canonicalJson(value as Json));
}

/**
 * A receipt's commitment to an output: keccak256(abi.encode(salt, digest)), as the registry computes it when a model is
 * published.
 *
 * @param digest SHA-256 of the output's bytes; of a trained model: of its file
 */
export function commitOutput(salt: Hex, digest: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "bytes32" }], [salt, digest]));
}

/** A receipt's name of an algorithm: keccak256 of its text. */
export function algorithmDigest(name: string): Hex {
  return keccak256(stringToBytes(name));
}

/** A receipt's digest of log positions, ascending by gateway. */
export function logsDigest(positions: readonly LogPosition[]): Hex {
  const sorted = positions.toSorted((a, b) => a.gateway - b.gateway);
  const types = [{ type: "uint16[]" }, { type: "uint64[]" }, { type: "bytes32[]" }] as const;
  return keccak256(
    encodeAbiParameters(types, [
      sorted.map(({ gateway }) => gateway),
      sorted.map(({ size }) => BigInt(size)),
      sorted.map(({ root }) => root),
    ]),
  );
}
