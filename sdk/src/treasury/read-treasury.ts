import { erc20Abi, type Address } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { payoutsAbi } from "../generated/abi/payouts.ts";
import { treasuryAbi } from "../generated/abi/treasury.ts";

/** How the treasury stands in one token, in its smallest unit. */
export type TreasuryBalance = {
  token: Address;
  balance: bigint;
  /** waits in `Payouts` until anyone collects it */
  uncollected: bigint;
  /** left within the window: at once, and with what was announced */
  outflow: { atOnce: bigint; inAll: bigint };
  /** may leave now: by a vote at once, and by an announcement that is due */
  payable: { atOnce: bigint; announced: bigint };
};

/** The treasury's rules: shares in basis points, times in seconds. */
export type TreasuryRules = {
  capBps: number;
  /** most that a vote may set `capBps` to */
  maxCapBps: number;
  /** most that leaves within a window, announced payments included */
  maxTotalBps: number;
  windowSeconds: number;
  announcementDelay: number;
  announcementLife: number;
};

/** Reads how the treasury stands in a token, at the head. @throws SDK_CHAIN_UNREACHABLE */
export async function readTreasury(
  { publicClient, deployment }: SalusReader,
  token: Address,
): Promise<TreasuryBalance> {
  const { Treasury, Payouts } = deployment.contracts;
  const treasury = { address: Treasury, abi: treasuryAbi, args: [token] } as const;
  try {
    const [balance, uncollected, outflow, payable] = await Promise.all([
      publicClient.readContract({
        address: token,
        abi: erc20Abi,
        functionName: "balanceOf",
        args: [Treasury],
      }),
      publicClient.readContract({
        address: Payouts,
        abi: payoutsAbi,
        functionName: "creditOf",
        args: [token, Treasury],
      }),
      publicClient.readContract({ ...treasury, functionName: "outflowOf" }),
      publicClient.readContract({ ...treasury, functionName: "payableOf" }),
    ]);
    return {
      token,
      balance,
      uncollected,
      outflow: { atOnce: outflow[0], inAll: outflow[1] },
      payable: { atOnce: payable[0], announced: payable[1] },
    };
  } catch (error) {
    throw await explainRevert(error);
  }
}

/** Reads the treasury's rules. @throws SDK_CHAIN_UNREACHABLE */
export async function readTreasuryRules({ publicClient, deployment }: SalusReader): Promise<TreasuryRules> {
  const treasury = { address: deployment.contracts.Treasury, abi: treasuryAbi } as const;
  try {
    const [capBps, maxCapBps, maxTotalBps, buckets, bucketSeconds, announcementDelay, announcementLife] =
      await Promise.all([
        publicClient.readContract({ ...treasury, functionName: "capBps" }),
        publicClient.readContract({ ...treasury, functionName: "MAX_CAP_BPS" }),
        publicClient.readContract({ ...treasury, functionName: "MAX_TOTAL_BPS" }),
        publicClient.readContract({ ...treasury, functionName: "BUCKETS" }),
        publicClient.readContract({ ...treasury, functionName: "bucketSeconds" }),
        publicClient.readContract({ ...treasury, functionName: "announcementDelay" }),
        publicClient.readContract({ ...treasury, functionName: "ANNOUNCEMENT_LIFE" }),
      ]);
    const windowSeconds = Number(buckets) * bucketSeconds;
    return {
      capBps,
      maxCapBps: Number(maxCapBps),
      maxTotalBps,
      windowSeconds,
      announcementDelay,
      announcementLife,
    };
  } catch (error) {
    throw await explainRevert(error);
  }
}
