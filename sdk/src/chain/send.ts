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
    const called = { ...call, account: walletClient.account };
    const simulation = { ...called, blockTag: "pending" };
    const { request } = await publicClient.simulateContract(simulation as never);
    const gas = withMargin(await publicClient.estimateContractGas(simulation as never));
    onStep?.({ step: "waiting" });
    const hash = await walletClient.writeContract({ ...(request as object), gas } as never);
    onStep?.({ step: "sent", hash });
    const receipt = await publicClient.waitForTransactionReceipt({ hash });
    if (receipt.status === "reverted") throw await overtaken(publicClient, called, receipt);
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

/** Why a call that was valid when it was sent was refused: asked again in the state that its block left. */
async function overtaken(
  publicClient: SalusWriter["publicClient"],
  call: object,
  { transactionHash: hash, blockNumber }: TransactionReceipt,
): Promise<SalusError> {
  const reason = await publicClient.simulateContract({ ...call, blockNumber } as never).then(
    () => undefined,
    (error: unknown) => explainRevert(error),
  );
  return new SalusError({
    code: "SDK_TRANSACTION_REVERTED",
    message:
      `Transaction ${hash} was valid when it was sent and refused when it was mined. ${reason?.message ?? ""}`.trim(),
    hint: reason?.hint ?? "Something changed in between: load the current state and try again.",
    details: { hash, ...(reason ? { reason: reason.code } : {}) },
    ...(reason ? { cause: reason } : {}),
  });
}
