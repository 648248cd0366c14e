import { encodeAbiParameters, keccak256 as keccakHex, stringToBytes, type Hex } from "viem";
import { concat, domainTag, fromHex, keccak256, toHex } from "../crypto/index.ts";
import { canonicalJson, type Json } from "../records/canonical-json.ts";
import type { LogPosition } from "./types.ts";

const JOB_TAG = domainTag("salus.job.v1");
const PARAMETERS_TAG = domainTag("salus.parameters.v1");

/** Job commitment of a download, which runs nothing. */
export const NO_JOB: Hex = `0x${"00".repeat(32)}`;

/**
 * An order's job commitment: keccak256(tag ‖ salt ‖ keccak256(canonical JSON of the job)). The salt hides the job from
 * all who do not get it from the buyer.
 *
 * @param spec the job as compute's catalogue describes it; for model use `{inference: 1, features}`
 */
export function commitJob(spec: unknown, salt: Hex): Hex {
  return saltedJson(JOB_TAG, salt, spec);
}

/** A receipt's commitment to the job's parameters, with the salt of the job commitment. */
export function commitParameters(parameters: unknown, salt: Hex): Hex {
  return saltedJson(PARAMETERS_TAG, salt, parameters);
}

/**
 * A receipt's commitment to an output: keccak256(abi.encode(salt, digest)), as the registry computes it when a model is
 * published.
 *
 * @param digest SHA-256 of the output's bytes; of a trained model: of its file
 */
export function commitOutput(salt: Hex, digest: Hex): Hex {
  return keccakHex(encodeAbiParameters([{ type: "bytes32" }, { type: "bytes32" }], [salt, digest]));
}

/** A receipt's name of an algorithm: keccak256 of its text. */
export function algorithmDigest(name: string): Hex {
  return keccakHex(stringToBytes(name));
}

/** A receipt's digest of log positions, ascending by gateway. */
export function logsDigest(positions: readonly LogPosition[]): Hex {
  const sorted = positions.toSorted((a, b) => a.gateway - b.gateway);
  const types = [{ type: "uint16[]" }, { type: "uint64[]" }, { type: "bytes32[]" }] as const;
  return keccakHex(
    encodeAbiParameters(types, [
      sorted.map(({ gateway }) => gateway),
      sorted.map(({ size }) => BigInt(size)),
      sorted.map(({ root }) => root),
    ]),
  );
}

function saltedJson(tag: Uint8Array, salt: Hex, value: unknown): Hex {
  const text = new TextEncoder().encode(canonicalJson(value as Json));
  return toHex(keccak256(concat(tag, fromHex(salt, 32, "salt"), keccak256(text))));
}
