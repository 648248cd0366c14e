import { toHex, type Address, type Hex } from "viem";
import { readAsset } from "../assets/read-asset.ts";
import type { SalusReader } from "../chain/client.ts";
import type { UseRequest } from "../orders/build-order.ts";
import { readEscrow } from "../orders/read-escrow.ts";
import type { Mandate } from "../types.ts";

/** What the buyer decides of a standing order; all else comes from the chain. */
export type MandateRequest = UseRequest & {
  /** runs to prepay */
  runs: number;
  /** seconds since 1970 after which no run is funded */
  until: number;
  /** least seconds between two runs; by default none */
  interval?: number;
  /** most that one run may cost; by default today's price */
  maxPrice?: bigint;
  /** highest protocol fee of one run; by default today's share of `maxPrice` */
  maxFee?: bigint;
  /** also run on the version of now; by default only on later ones */
  includeCurrent?: boolean;
};

/** A drafted mandate with what is to be prepaid. */
export type MandateDraft = { mandate: Mandate; prepaid: bigint; token: Address };

const NOTHING: Hex = `0x${"00".repeat(32)}`;

/**
 * Drafts a standing order on the versions of an asset to come.
 *
 * @example
 * const draft = await buildMandate(salus, { ...request, runs: 4, until: nextYear });
 *
 * @throws SDK_ASSET_UNKNOWN
 */
export async function buildMandate(salus: SalusReader, request: MandateRequest): Promise<MandateDraft> {
  const { cfg, termsHash, token } = await readAsset(salus, request.asset);
  const { feeBps, arbitrator } = await readEscrow(salus);
  const maxPrice = request.maxPrice ?? cfg.price;
  const maxFee = request.maxFee ?? (maxPrice * BigInt(feeBps)) / 10_000n;
  const mandate: Mandate = {
    buyer: request.buyer,
    salt: request.salt ?? toHex(crypto.getRandomValues(new Uint8Array(32))),
    asset: request.asset,
    afterVersion: cfg.versions - (request.includeCurrent ? 1 : 0),
    kind: request.kind,
    uses: request.uses,
    country: request.country,
    disease: request.disease ?? NOTHING,
    project: request.project,
    job: request.job,
    recipientKey: request.recipientKey,
    termsHash,
    token: cfg.token,
    maxPrice,
    maxFee,
    privacyCap: request.privacyCap,
    arbitrator: request.arbitrator ?? arbitrator,
    runs: request.runs,
    interval: request.interval ?? 0,
    until: request.until,
  };
  return { mandate, prepaid: BigInt(request.runs) * (maxPrice + maxFee), token };
}
