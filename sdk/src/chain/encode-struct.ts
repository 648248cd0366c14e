import { encodeAbiParameters, keccak256, type Hex } from "viem";
import { EIP712_TYPES, LISTING_ABI, PARENT_ABI, TERMS_ABI, VERSION_ABI } from "../generated/eip712.ts";
import type { Listing, Parent, Receipt, Terms, Version } from "../types.ts";

/** `keccak256(abi.encode(terms))`, as the registry stores it. */
export function hashTerms(terms: Terms): Hex {
  return keccak256(encodeAbiParameters(TERMS_ABI, [terms]));
}

/** `keccak256(abi.encode(version))`, as the registry stores it. */
export function hashVersion(version: Version): Hex {
  return keccak256(encodeAbiParameters(VERSION_ABI, [version]));
}

/** `keccak256(abi.encode(listing))`, which a custodian signs. */
export function hashListing(listing: Listing): Hex {
  return keccak256(encodeAbiParameters(LISTING_ABI, [listing]));
}

/** `keccak256(abi.encode(parents))`, as the registry stores a model's lineage. */
export function hashParents(parents: readonly Parent[]): Hex {
  return keccak256(encodeAbiParameters([{ ...PARENT_ABI[0], type: "tuple[]" }], [parents]));
}

/** `keccak256(abi.encode(receipt))`, as the escrow stores it for a training order. */
export function hashEncodedReceipt(receipt: Receipt): Hex {
  return keccak256(
    encodeAbiParameters([{ type: "tuple", components: EIP712_TYPES.Receipt }] as const, [receipt] as never),
  );
}
