import { readListing } from "@salus/sdk/assets/read-listing";
import { hashTerms } from "@salus/sdk/chain/encode-struct";
import type { Terms } from "@salus/sdk/types";
import type { Hex } from "viem";
import { GatewayError } from "../errors/gateway-error.ts";
import type { ChainView } from "./view.ts";

/** An asset's terms in full. They never change, so they are read once. */
export type TermsReader = (asset: bigint, termsHash: Hex) => Promise<Terms>;

/** Most assets whose terms are kept in memory. */
const KEPT = 10_000;

/** Opens the reader over the registry's events; what it reads must hash to what the registry holds. */
export function openTermsReader(chain: ChainView): TermsReader {
  const known = new Map<bigint, Terms>();
  return async (asset, termsHash) => {
    const kept = known.get(asset);
    if (kept) return kept;
    const { terms } = await readListing(chain.reader, asset);
    if (hashTerms(terms) !== termsHash) {
      throw new GatewayError(
        "GATEWAY_RPC_DISAGREEMENT",
        `The terms of asset ${asset} are not those on chain.`,
      );
    }
    if (known.size >= KEPT) known.clear();
    known.set(asset, terms);
    return terms;
  };
}
