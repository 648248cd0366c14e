import type { Address, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { payoutsAbi } from "../generated/abis.ts";
import type { Parent } from "../types.ts";

/** Moves a model's pot one hop up, to its parents' pots; anyone may. */
export function distribute(
  salus: SalusWriter,
  { token, asset, parents }: { token: Address; asset: bigint; parents: readonly Parent[] },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.Payouts,
      abi: payoutsAbi,
      functionName: "distribute",
      args: [token, asset, [...parents]],
    },
    options,
  );
}
