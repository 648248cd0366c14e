import { DUO, MODES } from "@salus/sdk/generated/constants";
import type { Listing, Parent, Terms, Version } from "@salus/sdk/types";
import type { Hex } from "#lib/data/types.ts";

/** Part of each price for the institution that keeps and runs a model: what gateways ask at least is 5 %. */
export const HOST_BPS = 1_000;
const WHOLE_BPS = 10_000;
const NOTHING: Hex = `0x${"00".repeat(32)}`;

/** What a publication is made of. */
export interface PublicationFacts {
  /** 32 random bytes that with the developer make the model's id */
  salt: Hex;
  price: bigint;
  /** part for the people whose records taught it */
  parentBps: number;
  /** of the dataset that it was trained on */
  token: number;
  gatewaySet: number;
  custodian: number;
  dataset: bigint;
  contributorsRoot: Hex;
  /** SHA-256 of the model's file */
  file: Hex;
  /** SHA-256 of its public descriptor */
  descriptor: Hex;
  /** digest of the agreement that its users accept */
  agreement: Hex;
}

/** Listing, version and lineage of a trained model; developer, host and people divide the whole price. */
export function publicationOf(facts: PublicationFacts): {
  listing: Listing;
  version: Version;
  parents: Parent[];
} {
  const { salt, price, parentBps, token, gatewaySet, custodian } = facts;
  const terms: Terms = {
    duo: DUO.NRES,
    disease: NOTHING,
    royaltyBps: 0,
    agreement: facts.agreement,
    countries: 0n,
    dates: 0n,
  };
  return {
    listing: {
      salt,
      price,
      token,
      gatewaySet,
      custodian,
      custodianBps: HOST_BPS,
      curatorBps: WHOLE_BPS - HOST_BPS - parentBps,
      modes: MODES.MODEL_USE,
      population: 0,
      privacyCap: 0n,
      terms,
    },
    version: {
      contentRoot: facts.file,
      consentRoot: NOTHING,
      count: 0,
      gatewaySet,
      eligibility: NOTHING,
      descriptor: facts.descriptor,
    },
    parents: [{ asset: facts.dataset, contributorsRoot: facts.contributorsRoot, shareBps: parentBps }],
  };
}
