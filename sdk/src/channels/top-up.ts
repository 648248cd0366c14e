import type { Address, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { readAllowance, signPermit } from "../chain/permit.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { usageChannelAbi } from "../generated/abi/usageChannel.ts";
import type { Channel } from "../types.ts";

/**
 * Adds to an open channel from the writer's own money, by allowance or permit; anyone may. What is not used goes back to
 * the channel's payer.
 * @throws UsageChannel_WrongState, UsageChannel_Closing
 */
export async function topUp(
  salus: SalusWriter,
  { channel, token, amount }: { channel: Channel; token: Address; amount: bigint },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const address = salus.deployment.contracts.UsageChannel;
  const call = { address, abi: usageChannelAbi } as const;
  if ((await readAllowance(salus, { token, spender: address })) >= amount) {
    return send(salus, { ...call, functionName: "topUp", args: [channel, amount] }, options);
  }
  const permit = await signPermit(salus, { token, spender: address, value: amount });
  return send(salus, { ...call, functionName: "topUpWithPermit", args: [channel, amount, permit] }, options);
}
