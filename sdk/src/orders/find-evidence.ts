import type { Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { accessEscrowAbi } from "../generated/abis.ts";

/** The evidence that came with an order, ABI-encoded, from the chain's events alone; `0x` where none did. */
export async function findEvidence({ publicClient, deployment }: SalusReader, id: Hex): Promise<Hex> {
  try {
    const [event] = await publicClient.getContractEvents({
      address: deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      eventName: "OrderEvidenced",
      args: { id },
      fromBlock: BigInt(deployment.startBlock),
      strict: true,
    });
    return event?.args.evidence ?? "0x";
  } catch (error) {
    throw await explainRevert(error);
  }
}
