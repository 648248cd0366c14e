import { toHex, type Address, type Hex } from "viem";
import { readAsset } from "../assets/read-asset.ts";
import type { SalusReader } from "../chain/client.ts";
import { gatewayRegistryAbi } from "../generated/abis.ts";
import type { Order } from "../types.ts";
import { readEscrow } from "./read-escrow.ts";

/** What a buyer decides of one order and of standing ones alike. */
export type UseRequest = {
  buyer: Address;
  asset: bigint;
  /** one of `OrderKind` */
  kind: number;
  /** declared uses as bits of `DUO` */
  uses: bigint;
  /** ISO 3166-1 numeric */
  country: number;
  disease?: Hex;
  /** salted digest of the project's description */
  project: Hex;
  /** salted job commitment; see `commitJob` */
  job: Hex;
  /** X25519 key to which result or key shares are sealed */
  recipientKey: Hex;
  /** largest privacy cost accepted of one run, in 10⁻⁹ zCDP rho */
  privacyCap: bigint;
  /** who rules on a dispute; by default the arbitrator in office, the zero address for nobody */
  arbitrator?: Address;
  salt?: Hex;
};

/** What the buyer decides; all else comes from the chain. */
export type OrderRequest = UseRequest & {
  /** seconds until delivery; by default all that the escrow allows, less a few for mining */
  deliverWithin?: number;
};

/** A drafted order with what it will cost now. */
export type OrderDraft = { order: Order; fee: bigint; total: bigint; token: Address };

const NOTHING: Hex = `0x${"00".repeat(32)}`;
const MINING_SECONDS = 5;

/**
 * Drafts an order on the current version at the current price. The fee the buyer sees is the most they will pay.
 * @throws SDK_ASSET_UNKNOWN
 */
export async function buildOrder(salus: SalusReader, request: OrderRequest): Promise<OrderDraft> {
  const { cfg, termsHash, token } = await readAsset(salus, request.asset);
  const escrow = await readEscrow(salus);
  const [, threshold] = await readSet(salus, cfg.gatewaySet);
  const { timestamp } = await salus.publicClient.getBlock();
  const fee = (cfg.price * BigInt(escrow.feeBps)) / 10_000n;
  const order: Order = {
    buyer: request.buyer,
    salt: request.salt ?? toHex(crypto.getRandomValues(new Uint8Array(32))),
    asset: request.asset,
    version: cfg.versions,
    kind: request.kind,
    uses: request.uses,
    country: request.country,
    disease: request.disease ?? NOTHING,
    project: request.project,
    job: request.job,
    recipientKey: request.recipientKey,
    termsHash,
    token: cfg.token,
    price: cfg.price,
    maxFee: fee,
    privacyCap: request.privacyCap,
    custodianBps: cfg.custodianBps,
    curatorBps: cfg.curatorBps,
    gatewaySet: cfg.gatewaySet,
    threshold,
    custodian: cfg.custodian,
    arbitrator: request.arbitrator ?? escrow.arbitrator,
    deliverBy: Number(timestamp) + (request.deliverWithin ?? escrow.maxDelivery - MINING_SECONDS),
    disputeWindow: escrow.disputeWindow,
    reportWindow: escrow.reportWindow,
  };
  return { order, fee, total: cfg.price + fee, token };
}

function readSet({ publicClient, deployment }: SalusReader, gatewaySet: number) {
  return publicClient.readContract({
    address: deployment.contracts.GatewayRegistry,
    abi: gatewayRegistryAbi,
    functionName: "setOf",
    args: [gatewaySet],
  });
}
