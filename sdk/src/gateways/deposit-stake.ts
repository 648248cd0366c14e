import { erc20Abi, type TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { gatewayRegistryAbi } from "../generated/abi/gatewayRegistry.ts";
import { readStake } from "./read-stake.ts";

/**
 * Adds to an active gateway's stake; anyone may. Allows the exact amount first, as a transaction of its own.
 * @throws GatewayRegistry_NotActive, ERC20InsufficientBalance
 */
export async function depositStake(
  salus: SalusWriter,
  { gateway, amount }: { gateway: number; amount: bigint },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const registry = salus.deployment.contracts.GatewayRegistry;
  const { token } = await readStake(salus, gateway);
  await send(
    salus,
    { address: token, abi: erc20Abi, functionName: "approve", args: [registry, amount] },
    options,
  );
  return send(
    salus,
    { address: registry, abi: gatewayRegistryAbi, functionName: "depositStake", args: [gateway, amount] },
    options,
  );
}
