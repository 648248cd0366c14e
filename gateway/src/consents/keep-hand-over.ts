import { randomUUID } from "node:crypto";
import { type Address, isAddressEqual } from "viem";
import { type ControllerStatus, readController } from "@salus/sdk/consent/read-controller";
import { submitContest, submitHandOver } from "@salus/sdk/consent/submit-hand-over";
import type { ContestRequest, HandOverRequest } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { isSalusError } from "@salus/sdk/errors";
import type { Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "@salus/sdk/chain/client";
import type { Block } from "../chain/view.ts";
import type { Context } from "../context.ts";
import { isGatewayError } from "../errors/gateway-error.ts";
import type { Tasks } from "../jobs/queue.ts";
import { payFor } from "../relay/pay-for.ts";

/** Seconds between two looks at a word that is not final yet. */
const AGAIN = 2;
/** Seconds after which a word that never became final is given up. */
const LONGEST = 86_400;

/** A hand-over with both signatures, or an objection to one, as it was submitted. */
export type KeptWord =
  | { word: "hand-over"; body: HandOverRequest; custodianSignature: Hex; since: number }
  | { word: "contest"; body: ContestRequest; since: number };

/** Has a word that was submitted looked after until its effect is final. */
export function queueKeeping({ queue }: Context, kept: KeptWord): Promise<void> {
  const { dataset, subject, nonce } = aboutOf(kept);
  const key = `keep:${kept.word}:${dataset}:${subject.toLowerCase()}:${nonce}`;
  return queue.add("keep-hand-over", kept, { key, delaySeconds: AGAIN, attempts: 1000 });
}

/**
 * Looks after a hand-over or an objection: submits it again while a reorganisation has taken it away, and ends once it is
 * final or can have no effect any more. A thief's hand-over must not come into force because a block was replaced.
 */
export async function keepHandOver(context: Context, kept: Tasks["keep-hand-over"]): Promise<void> {
  const { head, finalized } = await context.chain.snapshot();
  const statusIn = ({ number }: Block) =>
    context.chain.read((reader) => readController(reader, { ...aboutOf(kept), blockNumber: number }));
  const [settled, latest] = await Promise.all([statusIn(finalized), statusIn(head)]);
  if (isOver(kept, settled, finalized) || context.now() > kept.since + LONGEST) return;
  if (isMissing(kept, latest)) {
    await submitAgain(context, kept).catch((err: unknown) => {
      // What the contract, the chain or the day's gas has against it now it may not have at the next look.
      const level = isSalusError(err) || isGatewayError(err) ? "info" : "error";
      context.logger[level]({ err }, `a ${kept.word} was not submitted this time`);
    });
  }
  await queueKeeping(context, kept);
}

function aboutOf({ word, body }: Pick<KeptWord, "word" | "body">) {
  const { dataset, subject, nonce } =
    word === "contest"
      ? fromWire("Contest", (body as ContestRequest).contest)
      : fromWire("HandOver", (body as HandOverRequest).handOver);
  return { dataset, subject, nonce };
}

/** Whether a finalized state has the effect, or rules it out. */
function isOver(kept: KeptWord, status: ControllerStatus, { time }: Block): boolean {
  const { subject, nonce } = aboutOf(kept);
  if (kept.word === "hand-over") {
    return status.nonce > nonce || time > fromWire("HandOver", kept.body.handOver).validUntil;
  }
  // A later hand-over came: this one was ended by somebody. Without one it is contested, or has come into force.
  return status.nonce > nonce + 1 || (status.nonce === nonce + 1 && !isPending(status, subject));
}

/** Whether the head lacks the effect, though it could have it. */
function isMissing(kept: KeptWord, status: ControllerStatus): boolean {
  const { subject, nonce } = aboutOf(kept);
  if (kept.word === "hand-over") return status.nonce <= nonce;
  return status.nonce === nonce + 1 && isPending(status, subject);
}

/** Whether somebody is about to take the place over, and nobody has it. */
function isPending({ pending, controller }: ControllerStatus, subject: Address): boolean {
  return pending !== undefined && (controller === undefined || isAddressEqual(controller, subject));
}

/** At the operator's cost like the first time, and counted like it. */
function submitAgain(context: Context, kept: KeptWord): Promise<TransactionReceipt> {
  const { dataset, subject } = aboutOf(kept);
  const kind = kept.word === "contest" ? "Contest again" : "HandOver again";
  const about = { word: `${kind}:${randomUUID()}`, kind, dataset, subject };
  return payFor(context, about, (writer) => submit(writer, kept));
}

function submit(writer: SalusWriter, kept: KeptWord): Promise<TransactionReceipt> {
  if (kept.word === "contest") {
    const { contest, codeKey, signature } = kept.body;
    return submitContest(writer, { message: fromWire("Contest", contest), codeKey, signature });
  }
  const { handOver, codeKey, codeSignature } = kept.body;
  const message = fromWire("HandOver", handOver);
  return submitHandOver(writer, {
    message,
    codeKey,
    codeSignature,
    custodianSignature: kept.custodianSignature,
  });
}
