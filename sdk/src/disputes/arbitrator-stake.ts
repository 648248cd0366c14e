import { erc20Abi, type Address, type TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { disputesAbi } from "../generated/abi/disputes.ts";
import { readPanel } from "./read-panel.ts";

/**
 * Fills a member's stake up; anyone may pay. Allows the exact amount first, as a transaction of its own.
 * @param member by default the sender
 * @throws Disputes_NotMember, Disputes_Staked, ERC20InsufficientBalance
 */
export async function depositArbitratorStake(
  salus: SalusWriter,
  { panel, member = salus.walletClient.account.address }: { panel: Address; member?: Address },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const { stake, stakeToken, members } = await readPanel(salus, panel);
  const own = members.find(({ address }) => address.toLowerCase() === member.toLowerCase());
  const missing = stake - (own?.stake ?? 0n);
  await send(
    salus,
    { address: stakeToken, abi: erc20Abi, functionName: "approve", args: [panel, missing] },
    options,
  );
  const call = { address: panel, abi: disputesAbi } as const;
  return send(salus, { ...call, functionName: "depositStake", args: [member] }, options);
}

/**
 * Takes the sender's stake, before the panel came into office or long enough after it left.
 * @throws Disputes_InOffice, Disputes_StakeBound, Disputes_DisputesOpen, Disputes_NothingToWithdraw
 */
export function withdrawArbitratorStake(
  salus: SalusWriter,
  { panel, to }: { panel: Address; to: Address },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const call = { address: panel, abi: disputesAbi } as const;
  return send(salus, { ...call, functionName: "withdrawStake", args: [to] }, options);
}
