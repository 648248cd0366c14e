import type { Address, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { gatewayRegistryAbi } from "../generated/abi/gatewayRegistry.ts";

/**
 * The operator asks for a part of the stake, to be withdrawn after the delay; replaces an earlier request, and zero takes
 * it back.
 * @throws GatewayRegistry_NotOperator, GatewayRegistry_StakeTooLow
 */
export function requestStakeWithdrawal(
  salus: SalusWriter,
  { gateway, amount }: { gateway: number; amount: bigint },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const call = {
    address: salus.deployment.contracts.GatewayRegistry,
    abi: gatewayRegistryAbi,
    functionName: "requestStakeWithdrawal",
    args: [gateway, amount],
  } as const;
  return send(salus, call, options);
}

/**
 * The operator takes what was asked for, once the delay has passed.
 * @throws GatewayRegistry_NotOperator, GatewayRegistry_NothingToWithdraw, GatewayRegistry_TooEarly
 */
export function withdrawStake(
  salus: SalusWriter,
  { gateway, to }: { gateway: number; to: Address },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const call = {
    address: salus.deployment.contracts.GatewayRegistry,
    abi: gatewayRegistryAbi,
    functionName: "withdrawStake",
    args: [gateway, to],
  } as const;
  return send(salus, call, options);
}
