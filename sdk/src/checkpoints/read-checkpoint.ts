import type { Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { logCheckpointsAbi } from "../generated/abi/logCheckpoints.ts";

/** The latest state of a gateway's log that the chain knows. */
export type PostedCheckpoint = {
  /** number of entries */
  size: bigint;
  /** Merkle tree hash (RFC 6962) */
  root: Hex;
  /** Unix time */
  postedAt: number;
};

/** A gateway's latest checkpoint; undefined while there is none. */
export async function readCheckpoint(
  { publicClient, deployment }: SalusReader,
  gateway: number,
): Promise<PostedCheckpoint | undefined> {
  try {
    const [size, root, postedAt] = await publicClient.readContract({
      address: deployment.contracts.LogCheckpoints,
      abi: logCheckpointsAbi,
      functionName: "latestOf",
      args: [gateway],
    });
    return size === 0n ? undefined : { size, root, postedAt };
  } catch (error) {
    throw await explainRevert(error);
  }
}
