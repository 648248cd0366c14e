import type { Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { logCheckpointsAbi } from "../generated/abi/logCheckpoints.ts";

/** A checkpoint that was posted, with who signed it. */
export type CheckpointPosted = { size: number; root: Hex; signers: readonly number[]; blockNumber: bigint };

/** Every checkpoint of a gateway's log on chain, oldest first: sizes rise, and the contract checked each step. */
export async function readCheckpoints(
  { publicClient, deployment }: SalusReader,
  gateway: number,
): Promise<CheckpointPosted[]> {
  try {
    const events = await publicClient.getContractEvents({
      address: deployment.contracts.LogCheckpoints,
      abi: logCheckpointsAbi,
      eventName: "CheckpointPosted",
      args: { gateway },
      fromBlock: BigInt(deployment.startBlock),
      strict: true,
    });
    return events.map(({ args: { size, root, signers }, blockNumber }) => ({
      size: Number(size),
      root,
      signers,
      blockNumber,
    }));
  } catch (error) {
    throw await explainRevert(error);
  }
}
