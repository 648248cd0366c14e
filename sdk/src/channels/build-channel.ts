import { toHex, type Address, type Hex } from "viem";
import { readAsset } from "../assets/read-asset.ts";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { accessEscrowAbi } from "../generated/abi/accessEscrow.ts";
import type { Channel } from "../types.ts";
import { channelCost } from "./money.ts";

/** What the payer decides; all else comes from the chain. */
export type ChannelRequest = {
  payer: Address;
  /** the model */
  asset: bigint;
  /** declared uses as bits of `DUO` */
  uses: bigint;
  /** ISO 3166-1 numeric */
  country: number;
  disease?: Hex;
  /** salted digest of the project's description */
  project: Hex;
  /** how many calls to prepay */
  calls: bigint;
  /** seconds until the last call */
  lastFor?: number;
  salt?: Hex;
};

/** A drafted channel and the token it is paid in. */
export type ChannelDraft = { channel: Channel; token: Address };

const NOTHING: Hex = `0x${"00".repeat(32)}`;
const A_YEAR = 365 * 24 * 3600;

/**
 * Drafts a channel on a model's current version at its current price and the present protocol fee, with a deposit for the
 * wanted calls. Both stay for the life of the channel.
 * @throws SDK_ASSET_UNKNOWN
 */
export async function buildChannel(salus: SalusReader, request: ChannelRequest): Promise<ChannelDraft> {
  const { cfg, termsHash, token } = await readAsset(salus, request.asset);
  const feeBps = await readFee(salus);
  const { timestamp } = await salus.publicClient.getBlock();
  const channel: Channel = {
    payer: request.payer,
    salt: request.salt ?? toHex(crypto.getRandomValues(new Uint8Array(32))),
    asset: request.asset,
    version: cfg.versions,
    uses: request.uses,
    country: request.country,
    disease: request.disease ?? NOTHING,
    project: request.project,
    termsHash,
    token: cfg.token,
    price: cfg.price,
    feeBps,
    custodianBps: cfg.custodianBps,
    curatorBps: cfg.curatorBps,
    custodian: cfg.custodian,
    until: Number(timestamp) + (request.lastFor ?? A_YEAR),
    deposit: channelCost({ feeBps }, cfg.price * request.calls),
  };
  return { channel, token };
}

async function readFee({ publicClient, deployment }: SalusReader): Promise<number> {
  try {
    return await publicClient.readContract({
      address: deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      functionName: "feeBps",
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}
