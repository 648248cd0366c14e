import type { Address, Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { payoutsAbi } from "../generated/abis.ts";

const OWN_POT: Hex = `0x${"00".repeat(32)}`;

/**
 * Moves a dataset's pots to the rewards of its contributors; anyone may.
 * @param contributorsRoots contributors of training receipts; the dataset's own pot is always among them
 * @throws Payouts_NothingToCollect, Payouts_NotADataset
 */
export function collectPots(
  salus: SalusWriter,
  { token, dataset, contributorsRoots = [] }: { token: Address; dataset: bigint; contributorsRoots?: Hex[] },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.Payouts,
      abi: payoutsAbi,
      functionName: "collect",
      args: [token, dataset, [OWN_POT, ...contributorsRoots]],
    },
    options,
  );
}
