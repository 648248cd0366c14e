import { type Hash, type TransactionReceipt, TransactionReceiptNotFoundError } from "viem";
import type { SalusWriter } from "@salus/sdk/chain/client";
import type { Context } from "../context.ts";
import { isGatewayError } from "../errors/gateway-error.ts";
import { type Relayed, reserveGas, returnGas, settleGas } from "./spending.ts";

/**
 * Sends a transaction at the operator's cost and writes down what it cost. Gas is set aside between the trial call, which
 * shows that the contract takes the word, and the sending: what a contract refuses costs nothing and counts for nothing.
 *
 * @throws GATEWAY_RELAY_BUDGET, GATEWAY_RELAY_RUNNING, and what `send` throws
 */
export async function payFor(
  context: Context,
  about: Relayed,
  send: (writer: SalusWriter) => Promise<TransactionReceipt>,
): Promise<TransactionReceipt> {
  return context.sender(async (writer) => {
    const paying = payingWriter(context, about, writer);
    try {
      const receipt = await send(paying.writer);
      await settle(context, about, receipt);
      return receipt;
    } catch (error) {
      // The SDK's verbs wrap what they do not know.
      if (paying.refusal !== undefined) throw paying.refusal;
      if (paying.reserved && paying.hash === undefined) await returnGas(context, about.word);
      if (paying.hash !== undefined) await settleRefused(context, about, paying.hash);
      throw error;
    }
  });
}

type Paying = { writer: SalusWriter; reserved: boolean; hash?: Hash; refusal?: unknown };

/** A writer whose wallet sets gas aside before it sends. */
function payingWriter(context: Context, about: Relayed, writer: SalusWriter): Paying {
  const paying: Paying = { writer, reserved: false };
  const { walletClient } = writer;
  const writeContract = async (call: { gas: bigint }) => {
    try {
      await reserveGas(context, about, Number(call.gas));
    } catch (error) {
      if (isGatewayError(error)) paying.refusal = error;
      throw error;
    }
    paying.reserved = true;
    paying.hash = await walletClient.writeContract(call as never);
    return paying.hash;
  };
  paying.writer = { ...writer, walletClient: { ...walletClient, writeContract } as never };
  return paying;
}

async function settle(context: Context, { word }: Relayed, receipt: TransactionReceipt): Promise<void> {
  const { gasUsed, transactionHash, status } = receipt;
  const refused = status === "reverted";
  await settleGas(context, word, { gas: Number(gasUsed), transaction: transactionHash, refused });
}

/** A transaction that was sent and did not do its work: what it used is known once it is in a block. */
async function settleRefused(context: Context, about: Relayed, hash: Hash): Promise<void> {
  const receipt = await findReceipt(context, hash);
  // Not in a block yet: the gas stays set aside, and the word counts as on its way until that is forgotten.
  if (receipt) await settle(context, about, receipt);
}

/** The receipt of a transaction that is in a block. Without an answer of the chain it is not known to be in one. */
async function findReceipt({ chain, logger }: Context, hash: Hash): Promise<TransactionReceipt | undefined> {
  try {
    return await chain.reader.publicClient.getTransactionReceipt({ hash });
  } catch (err) {
    if (err instanceof TransactionReceiptNotFoundError) return undefined;
    // Whoever asked is told why the transaction failed; what it cost stays set aside.
    logger.error({ err, hash }, "what a relayed transaction cost could not be read: it counts as set aside");
    return undefined;
  }
}
