import { encodeAbiParameters, hexToBigInt, keccak256, type Address, type Hex } from "viem";

/** The id that an asset will have: `uint256(keccak256(abi.encode(curator, salt)))`; see decision 001. */
export function assetId(curator: Address, salt: Hex): bigint {
  return hexToBigInt(
    keccak256(encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [curator, salt])),
  );
}
