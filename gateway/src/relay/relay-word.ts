import type { FastifyRequest } from "fastify";
import type { Address, Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "@salus/sdk/chain/client";
import { hashStruct } from "@salus/sdk/chain/hash-struct";
import { type SignedTypes, typedData } from "@salus/sdk/chain/typed-data";
import { isSalusError } from "@salus/sdk/errors";
import { verifySignature } from "../auth/verify.ts";
import type { Context } from "../context.ts";
import { isSubjectKnown } from "../consents/known-subject.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { GatewayErrorCode } from "../errors/table.ts";
import { countSigner } from "../http/rate-limits.ts";
import { payFor } from "./pay-for.ts";
import { findRelayed } from "./spending.ts";

/** Somebody's signed word, to be brought on chain at the operator's cost. */
export type Word<Name extends keyof SignedTypes> = {
  name: Name;
  message: SignedTypes[Name] & { dataset: bigint; subject: Address };
  signature: Hex;
  /** who may have signed it; asked only when the signature is looked at */
  signers(): Promise<readonly Address[]>;
  /** code of the refusal */
  code: GatewayErrorCode;
};

/**
 * Submits a signed word for a subject of a dataset that this gateway serves. Whoever asks proves nothing but the word
 * itself: its signature is checked here, then it is counted for its subject, then the contract is asked whether it takes
 * it, and only then gas is spent, of the day's and of the subject's. A word is relayed once; asked again, its transaction
 * is told.
 *
 * @throws the word's refusal, GATEWAY_RATE_LIMITED, GATEWAY_RELAY_BUDGET, GATEWAY_RELAY_RUNNING
 */
export async function relayWord<Name extends keyof SignedTypes>(
  context: Context,
  request: FastifyRequest,
  word: Word<Name>,
  send: (writer: SalusWriter) => Promise<TransactionReceipt>,
): Promise<Hex> {
  const { dataset, subject } = word.message;
  if (!(await isSubjectKnown(context, dataset, subject.toLowerCase() as Address))) {
    throw new GatewayError(word.code, "This gateway holds no record of the subject in this dataset.", {
      hint: "Send it to a gateway of the dataset's gateway set, or submit it on chain yourself.",
    });
  }
  await assertSigned(context, word);
  await countSigner(request, `${dataset}:${subject}`);
  return submitOnce(context, word, "ConsentRegistry_", send);
}

/**
 * {@link relayWord} from where the word is proven and counted: once, within the gas that is left.
 *
 * @param state of the chain that a word may be used in again, if it serves more than once
 */
export async function submitOnce<Name extends keyof SignedTypes>(
  context: Context,
  { name, message, code, state }: Pick<Word<Name>, "name" | "message" | "code"> & { state?: Hex },
  contract: string,
  send: (writer: SalusWriter) => Promise<TransactionReceipt>,
): Promise<Hex> {
  const { dataset, subject } = message;
  const word = [hashStruct(context.deployment, name, message), state].filter(Boolean).join(":");
  const done = await findRelayed(context, word);
  if (done) return done;
  try {
    return (await payFor(context, { word, kind: name, dataset, subject }, send)).transactionHash;
  } catch (error) {
    if (!isSalusError(error) || !(error.code as string).startsWith(contract)) throw error;
    // Another replica may have been first: then the contract refuses what it took already.
    const meanwhile = await findRelayed(context, word);
    if (meanwhile) return meanwhile;
    throw new GatewayError(code, error.message, { hint: error.hint, cause: error });
  }
}

/** @throws the word's refusal when none of those who may have signed it */
export async function assertSigned<Name extends keyof SignedTypes>(
  context: Context,
  { name, message, signature, signers, code }: Word<Name>,
): Promise<void> {
  const typed = typedData(context.deployment, name, message);
  for (const signer of await signers()) {
    if (await verifySignature(context.chain, signer, typed, signature)) return;
  }
  throw new GatewayError(code, "The signature is of nobody whose word this can be.");
}
