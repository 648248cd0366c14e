import type { Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { mandatesAbi } from "../generated/abis.ts";

/** A run of a mandate, by the order that it is. */
export type MandateRun = { order: Hex; number: number; version: number; paid: bigint };

/** A mandate's runs so far, oldest first, from the chain's events alone. */
export async function findRuns({ publicClient, deployment }: SalusReader, id: Hex): Promise<MandateRun[]> {
  try {
    const events = await publicClient.getContractEvents({
      address: deployment.contracts.Mandates,
      abi: mandatesAbi,
      eventName: "MandateRun",
      args: { id },
      fromBlock: BigInt(deployment.startBlock),
      strict: true,
    });
    return events.map(({ args: { order, run, version, paid } }) => ({ order, number: run, version, paid }));
  } catch (error) {
    throw await explainRevert(error);
  }
}
