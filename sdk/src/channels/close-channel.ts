import type { Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { usageChannelAbi } from "../generated/abi/usageChannel.ts";
import type { Channel, Voucher } from "../types.ts";

/**
 * Closes at once with the custodian's agreement: the rest goes back to the payer. Anyone may send it.
 *
 * @param voucher the last one; its amount is final. Where it was claimed already, its signature may be left out
 * @param closing the custodian's signature over `Closing`; may be left out if the custodian sends
 * @throws UsageChannel_SignatureInvalid, UsageChannel_NothingNew
 */
export function closeChannel(
  salus: SalusWriter,
  d: { channel: Channel; voucher: Voucher; signature?: Hex; closing?: Hex },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const args = [d.channel, d.voucher, d.signature ?? "0x", d.closing ?? "0x"] as const;
  return send(salus, { ...contract(salus), functionName: "close", args }, options);
}

/**
 * The payer asks to close alone: after the channel's window anyone may finish it.
 * @param request the payer's signature over `CloseRequest`; may be left out if the payer sends
 * @throws UsageChannel_SignatureInvalid, UsageChannel_Closing
 */
export function requestChannelClose(
  salus: SalusWriter,
  { channel, request = "0x" }: { channel: Channel; request?: Hex },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const args = [channel, request] as const;
  return send(salus, { ...contract(salus), functionName: "requestClose", args }, options);
}

/** Closes a channel whose window has ended; anyone may. @throws UsageChannel_TooEarly, UsageChannel_CloseNotRequested */
export function finishChannelClose(
  salus: SalusWriter,
  { channel }: { channel: Channel },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(salus, { ...contract(salus), functionName: "finishClose", args: [channel] }, options);
}

function contract({ deployment }: SalusWriter) {
  return { address: deployment.contracts.UsageChannel, abi: usageChannelAbi } as const;
}
