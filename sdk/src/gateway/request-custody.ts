import type { Address, Hex } from "viem";
import type { Listing, Terms, Version } from "../types.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import { toWire, type Wire } from "./wire.ts";

/** Body of `POST /v1/custody`. */
export type CustodyRequest = {
  curator: Address;
  listing: Wire<Omit<Listing, "terms">>;
  terms: Wire<Terms>;
  version: Wire<Version>;
};

/** The operator's signature over EIP-712 `Custody`. */
export type CustodyResponse = { signature: Hex };

/**
 * Asks a gateway to take a model into custody: to keep its file and run it for a share of its price. The gateway signs
 * if the listing names it as custodian on terms that its operator accepts.
 *
 * @throws GatewayRequestError `GATEWAY_CUSTODY_REFUSED`
 */
export function requestCustody(
  gateway: GatewayAddress,
  { curator, listing, version }: { curator: Address; listing: Listing; version: Version },
): Promise<CustodyResponse> {
  const json: CustodyRequest = {
    curator,
    listing: toWire("Listing", listing),
    terms: toWire("Terms", listing.terms),
    version: toWire("Version", version),
  };
  return sendForJson(gateway, { method: "POST", path: "/v1/custody", json });
}
