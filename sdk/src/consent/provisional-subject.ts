import { encodeAbiParameters, getAddress, keccak256, slice, stringToBytes, type Address } from "viem";

const TYPEHASH = keccak256(stringToBytes("ProvisionalSubject(uint256 dataset,address codeKey)"));

/**
 * The provisional subject that belongs to a code's key in a dataset: an address for which nobody has a key, as
 * `ConsentRegistry.provisionalOf` computes it.
 *
 * @param codeKey address of the key that `deriveCodeKey` gives
 */
export function provisionalSubject(dataset: bigint, codeKey: Address): Address {
  const words = [{ type: "bytes32" }, { type: "uint256" }, { type: "address" }] as const;
  return getAddress(slice(keccak256(encodeAbiParameters(words, [TYPEHASH, dataset, codeKey])), 12));
}
