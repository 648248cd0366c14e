import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { consentRegistryAbi } from "../generated/abis.ts";
import type { ConsentSlot } from "./types.ts";

/** One change of a slot, as its event tells it. */
export type ConsentChange = { subject: string; blockNumber: bigint; slot: ConsentSlot };

/** Every change of a dataset's slots up to a block, oldest first, from the registry's events: they answer for any age. */
export async function readConsentHistory(
  { publicClient, deployment }: SalusReader,
  { dataset, toBlock }: { dataset: bigint; toBlock: bigint },
): Promise<ConsentChange[]> {
  try {
    const events = await publicClient.getContractEvents({
      address: deployment.contracts.ConsentRegistry,
      abi: consentRegistryAbi,
      eventName: "ConsentChanged",
      args: { dataset },
      fromBlock: BigInt(deployment.startBlock),
      toBlock,
      strict: true,
    });
    return events.map(({ args, blockNumber }) => {
      const { purposes, expiry, modes, nonce, changedAt } = args;
      return {
        subject: args.subject.toLowerCase(),
        blockNumber,
        slot: { purposes, expiry, modes, nonce, changedAt },
      };
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}

/** The written slots at a block, by lower-case subject; a subject that is not there never wrote one. */
export function slotsAt(history: readonly ConsentChange[], block: bigint): Map<string, ConsentSlot> {
  return new Map(
    history.filter(({ blockNumber }) => blockNumber <= block).map(({ subject, slot }) => [subject, slot]),
  );
}
