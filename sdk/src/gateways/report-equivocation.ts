import type { TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { slashingAbi } from "../generated/abi/slashing.ts";

/**
 * Has a gateway lose stake for two logs of one size that `proveEquivocation` has recorded. Whoever proved it is rewarded.
 * @throws Slashing_NotProven, Slashing_AlreadyPunished, Slashing_NothingAtStake
 */
export function reportEquivocation(
  salus: SalusWriter,
  { gateway, size }: { gateway: number; size: bigint },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.Slashing,
      abi: slashingAbi,
      functionName: "reportEquivocation",
      args: [gateway, size],
    },
    options,
  );
}
