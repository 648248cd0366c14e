import type { Address } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { accessEscrowAbi } from "../generated/abis.ts";

/** What the escrow asks of orders funded now: fee in basis points, windows in seconds. */
export type EscrowSettings = {
  feeBps: number;
  maxDelivery: number;
  disputeWindow: number;
  reportWindow: number;
  /** the arbitrator that an order may name; the zero address for none */
  arbitrator: Address;
};

/** Reads the escrow's settings at the head. */
export async function readEscrow({ publicClient, deployment }: SalusReader): Promise<EscrowSettings> {
  const escrow = { address: deployment.contracts.AccessEscrow, abi: accessEscrowAbi } as const;
  try {
    const [feeBps, maxDelivery, disputeWindow, reportWindow, arbitrator] = await Promise.all([
      publicClient.readContract({ ...escrow, functionName: "feeBps" }),
      publicClient.readContract({ ...escrow, functionName: "maxDelivery" }),
      publicClient.readContract({ ...escrow, functionName: "disputeWindow" }),
      publicClient.readContract({ ...escrow, functionName: "reportWindow" }),
      publicClient.readContract({ ...escrow, functionName: "arbitrator" }),
    ]);
    return { feeBps, maxDelivery, disputeWindow, reportWindow, arbitrator };
  } catch (error) {
    throw await explainRevert(error);
  }
}

/** Seconds an arbitrator has to rule; after them anyone settles. Fixed for the life of the escrow. */
export async function readRulingWindow({ publicClient, deployment }: SalusReader): Promise<number> {
  try {
    return await publicClient.readContract({
      address: deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      functionName: "rulingWindow",
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}
