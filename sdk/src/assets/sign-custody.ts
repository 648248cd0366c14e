import type { Address, Hex } from "viem";
import type { Deployment } from "../chain/deployment.ts";
import { hashListing, hashVersion } from "../chain/encode-struct.ts";
import type { Signer } from "../chain/sign-struct.ts";
import type { Listing, Version } from "../types.ts";

const CUSTODY = [
  { name: "curator", type: "address" },
  { name: "listing", type: "bytes32" },
  { name: "version", type: "bytes32" },
] as const;

/** The custodian's operator signs that the gateway takes an asset of this curator into custody (EIP-712 `Custody`). */
export function signCustody(
  deployment: Deployment,
  { curator, listing, version }: { curator: Address; listing: Listing; version: Version },
  operator: Signer,
): Promise<Hex> {
  const data = {
    domain: {
      name: "Salus AssetRegistry",
      version: "1",
      chainId: deployment.chainId,
      verifyingContract: deployment.contracts.AssetRegistry,
    },
    types: { Custody: CUSTODY },
    primaryType: "Custody",
    message: { curator, listing: hashListing(listing), version: hashVersion(version) },
  } as const;
  return "account" in operator
    ? operator.signTypedData({ ...data, account: operator.account })
    : operator.signTypedData(data);
}
