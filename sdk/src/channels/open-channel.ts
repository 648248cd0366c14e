import type { Hex } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { hashStruct } from "../chain/hash-struct.ts";
import { readAllowance, signPermit } from "../chain/permit.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { usageChannelAbi } from "../generated/abi/usageChannel.ts";
import type { Terms } from "../types.ts";
import type { ChannelDraft } from "./build-channel.ts";

/**
 * Opens a channel in one transaction: by the standing allowance where it is enough, else with a permit that the payer
 * signs (ERC-2612).
 *
 * @param terms the model's terms in full: opening agrees to them
 * @param evidence what the terms ask to be shown, from `encodeEvidence`; none by default
 * @returns the channel's id
 * @throws UsageChannel_… and ERC20… errors with a hint
 */
export async function openChannel(
  salus: SalusWriter,
  { draft, terms, evidence = "0x" }: { draft: ChannelDraft; terms: Terms; evidence?: Hex },
  options?: SendOptions,
): Promise<{ id: Hex }> {
  const { channel, token } = draft;
  const address = salus.deployment.contracts.UsageChannel;
  const id = hashStruct(salus.deployment, "Channel", channel);
  const call = { address, abi: usageChannelAbi } as const;
  if ((await readAllowance(salus, { token, spender: address })) >= channel.deposit) {
    const args = [channel, terms, evidence, "0x"] as const;
    await send(salus, { ...call, functionName: "open", args }, options);
  } else {
    const permit = await signPermit(salus, { token, spender: address, value: channel.deposit });
    const args = [channel, terms, evidence, "0x", permit] as const;
    await send(salus, { ...call, functionName: "openWithPermit", args }, options);
  }
  return { id };
}
