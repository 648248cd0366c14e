import type { SalusWriter } from "@salus/sdk/chain/client";
import type { Context } from "../../gateway/src/context.ts";

type Sender = Context["sender"];

/** Sends nothing: what answers nevertheless has not even come to the line of transactions. */
export const neverSends: Sender = () => Promise.reject(new Error("There was nothing to be sent."));

/** Lets something happen first, as another replica that was a moment earlier would. */
export function overtakenBy(sender: Sender, first: () => Promise<unknown>): Sender {
  return async (transaction) => {
    await first();
    return sender(transaction);
  };
}

/**
 * One line each for several replicas, which all find that the contract takes a word before any of them sends it.
 *
 * @param times how many there are: nobody goes on before all have come so far
 */
export function triedAtOnce(writer: SalusWriter, times: number): { sender: Sender; sent(): number } {
  let sent = 0;
  let tried = 0;
  const { promise: all, resolve: goOn } = Promise.withResolvers<void>();
  const { publicClient, walletClient } = writer;
  const estimateContractGas = async (call: never) => {
    const gas = await publicClient.estimateContractGas(call);
    if ((tried += 1) === times) goOn();
    await all;
    return gas;
  };
  const writeContract = (call: never) => {
    sent += 1;
    return walletClient.writeContract(call);
  };
  const meeting = {
    ...writer,
    publicClient: { ...publicClient, estimateContractGas },
    walletClient: { ...walletClient, writeContract },
  } as unknown as SalusWriter;
  return { sender: (transaction) => transaction(meeting), sent: () => sent };
}
