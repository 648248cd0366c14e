import type { Address, Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import type { Order } from "../types.ts";
import { issuanceOf } from "./contract.ts";

/** One epoch of thirty days. Prices are for a whole token (10¹⁸), in the reference token's smallest unit; times in seconds. */
export type IssuanceEpoch = {
  epoch: number;
  /** registered fees so far */
  fees: bigint;
  /** read once when the epoch was closed; undefined before */
  price?: bigint;
  /** the most that its orders get together, in 10⁻¹⁸ tokens; undefined before it is closed */
  cap?: bigint;
  floor: bigint;
  endsAt: number;
  mintableAt: number;
};

/** What an order is entitled to. Tokens in 10⁻¹⁸. */
export type TokenEntitlement = {
  epoch: number;
  fee: bigint;
  custodian: Address;
  curator: Address;
  minted: boolean;
  mintableAt: number;
};

/** How an order's tokens are divided; zero until its epoch is closed, and final when the following epoch is over. */
export type IssuedTokens = { custodian: bigint; curator: bigint; pot: bigint };

/** Number of the epoch that runs now, and what a token would cost if it ended at this moment. */
export async function readCurrentEpoch(salus: SalusReader): Promise<IssuanceEpoch & { priceNow: bigint }> {
  const contract = issuanceOf(salus);
  try {
    const epoch = await salus.publicClient.readContract({ ...contract, functionName: "currentEpoch" });
    const [now, priceNow] = await Promise.all([
      readIssuanceEpoch(salus, epoch),
      salus.publicClient.readContract({ ...contract, functionName: "priceOf", args: [epoch] }),
    ]);
    return { ...now, priceNow };
  } catch (error) {
    throw await explainRevert(error);
  }
}

/** Fees, price and cap of an epoch. */
export async function readIssuanceEpoch(salus: SalusReader, epoch: number): Promise<IssuanceEpoch> {
  const call = { ...issuanceOf(salus), args: [epoch] } as const;
  const { publicClient } = salus;
  try {
    const [{ fees, price, cap }, floor, endsAt, mintableAt] = await Promise.all([
      publicClient.readContract({ ...call, functionName: "epochOf" }),
      publicClient.readContract({ ...call, functionName: "floorOf" }),
      publicClient.readContract({ ...call, functionName: "endOf" }),
      publicClient.readContract({ ...call, functionName: "mintableAt" }),
    ]);
    const closed = price === 0n ? {} : { price, cap };
    return { epoch, fees, ...closed, floor, endsAt: Number(endsAt), mintableAt: Number(mintableAt) };
  } catch (error) {
    throw await explainRevert(error);
  }
}

/** What an order was registered with; undefined if nobody registered it. */
export async function readEntitlement(salus: SalusReader, id: Hex): Promise<TokenEntitlement | undefined> {
  const contract = issuanceOf(salus);
  const { publicClient } = salus;
  try {
    const { custodian, fee, curator, epoch, minted } = await publicClient.readContract({
      ...contract,
      functionName: "entitlementOf",
      args: [id],
    });
    if (fee === 0n) return undefined;
    const at = await publicClient.readContract({ ...contract, functionName: "mintableAt", args: [epoch] });
    return { epoch, fee, custodian, curator, minted, mintableAt: Number(at) };
  } catch (error) {
    throw await explainRevert(error);
  }
}

/** What minting an order gives. @throws Issuance_NotRegistered */
export async function readIssuedTokens(salus: SalusReader, order: Order): Promise<IssuedTokens> {
  try {
    return await salus.publicClient.readContract({
      ...issuanceOf(salus),
      functionName: "tokensOf",
      args: [order],
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}
