import type { Address, Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { SalusError } from "../errors.ts";
import { usageChannelAbi } from "../generated/abi/usageChannel.ts";
import type { Channel } from "../types.ts";

/** A channel as it was opened. */
export type OpenedChannel = { id: Hex; channel: Channel };

/**
 * A channel's fixed part, from the chain's events alone.
 * @throws SDK_CHANNEL_UNKNOWN
 */
export async function findChannel(salus: SalusReader, id: Hex): Promise<Channel> {
  const [found] = await opened(salus, { id });
  if (found) return found.channel;
  throw new SalusError({
    code: "SDK_CHANNEL_UNKNOWN",
    message: `No channel with the id ${id} was opened on this chain.`,
    hint: "Check the id. A channel exists once its payment is confirmed.",
    details: { id },
  });
}

/** The channels that an account has opened on a model, oldest first, closed ones included. */
export function findChannels(
  salus: SalusReader,
  { payer, asset }: { payer: Address; asset: bigint },
): Promise<OpenedChannel[]> {
  return opened(salus, { payer, asset });
}

async function opened(
  { publicClient, deployment }: SalusReader,
  args: { id?: Hex; payer?: Address; asset?: bigint },
): Promise<OpenedChannel[]> {
  try {
    const events = await publicClient.getContractEvents({
      address: deployment.contracts.UsageChannel,
      abi: usageChannelAbi,
      eventName: "ChannelOpened",
      args,
      fromBlock: BigInt(deployment.startBlock),
      strict: true,
    });
    return events.map((event) => ({ id: event.args.id, channel: event.args.channel }));
  } catch (error) {
    throw await explainRevert(error);
  }
}
