import { concat, keccak256, stringToHex, type Hex } from "viem";

/**
 * Commits to a job without telling it: `keccak256(salt ‖ keccak256(canonical JSON))`. The same form commits to
 * parameters and outputs.
 * @param salt 32 random bytes
 * @param canonicalJson the job in canonical JSON (RFC 8785)
 */
export function jobCommitment(salt: Hex, canonicalJson: string): Hex {
  return keccak256(concat([salt, keccak256(stringToHex(canonicalJson))]));
}
