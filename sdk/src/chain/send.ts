import type {
  Abi,
  Address,
  ContractFunctionArgs,
  ContractFunctionName,
  Hash,
  TransactionReceipt,
} from "viem";
import { explainRevert } from "./explain-revert.ts";
import type { SalusWriter } from "./client.ts";
import { SalusError } from "../errors.ts";

/** Steps of a transaction, told as they happen. */
export type SendStep = { step: "waiting" } | { step: "sent"; hash: Hash } | { step: "confirmed"; hash: Hash };

/** Options of every verb that sends a transaction. */
export type SendOptions = { onStep?: (step: SendStep) => void };

/**
 * Tries a call, sends it and waits until it is in a block.
 * @throws the contract's error with a hint, before anything is sent where it can be foreseen
 */
export async function send<
  const abi extends Abi | readonly unknown[],
  name extends ContractFunctionName<abi, "nonpayable" | "payable">,
>(
  { publicClient, walletClient }: SalusWriter,
  call: {
    address: Address;
    abi: abi;
    functionName: name;
    args: ContractFunctionArgs<abi, "nonpayable" | "payable", name>;
    /** of the chain's own coin */
    value?: bigint;
  },
  { onStep }: SendOptions = {},
): Promise<TransactionReceipt> {
  try {
    // In the block to come: there the head is a past block, and time has moved on.
    const simulation = { ...call, account: walletClient.account, blockTag: "pending" };
    const { request } = await publicClient.simulateContract(simulation as never);
    const gas = withMargin(await publicClient.estimateContractGas(simulation as never));
    onStep?.({ step: "waiting" });
    const hash = await walletClient.writeContract({ ...(request as object), gas } as never);
    onStep?.({ step: "sent", hash });
    const receipt = await publicClient.waitForTransactionReceipt({ hash });
    if (receipt.status === "reverted") throw overtaken(hash);
    onStep?.({ step: "confirmed", hash });
    return receipt;
  } catch (error) {
    throw await explainRevert(error);
  }
}

/**
 * What others do in between can make a call dearer than it was when it was tried: a balance that falls to zero costs a new
 * slot of 22,100 gas to fill again. What is not used is not paid.
 */
function withMargin(gas: bigint): bigint {
  return gas + gas / 5n + 25_000n;
}

function overtaken(hash: Hash): SalusError {
  return new SalusError({
    code: "SDK_TRANSACTION_REVERTED",
    message: `Transaction ${hash} was valid when it was sent and refused when it was mined.`,
    hint: "Something changed in between: load the current state and try again.",
    details: { hash },
  });
}
