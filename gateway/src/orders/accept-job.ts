import type { Hex } from "viem";
import { commitJob } from "@salus/sdk/gateway/commitments";
import { openSealed } from "@salus/sdk/crypto/seal-to-recipient";
import { isSalusError } from "@salus/sdk/errors";
import { OrderKind } from "@salus/sdk/generated/constants";
import { toWire } from "@salus/sdk/gateway/wire";
import type { Order } from "@salus/sdk/types";
import * as v from "valibot";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { findJob } from "../mandates/find-job.ts";
import { type InferenceInput, jobOf } from "./job-of.ts";
import type { SignedPromise } from "@salus/sdk/log/promise";
import { promiseFor } from "../log/promise.ts";
import { readPosition } from "../log/read-position.ts";
import type { Reason } from "../policy/reasons.ts";
import { assertPermitted, judge, nothingNew } from "./judge.ts";
import { findOrderRow, type OrderRow } from "./order-rows.ts";

/** A job as its buyer handed it in. */
export type JobHandedIn = { id: Hex; order: Order; spec?: unknown; salt?: Hex; sealedInput?: Uint8Array };

/**
 * Refusals of a funded order that no other submission would heal: it is put in line all the same, where the executor
 * finds them again and signs the failure that gives the buyer the money back.
 */
const REFUNDED: readonly Reason[] = [
  "GATEWAY_ATTESTATION_REVOKED",
  "GATEWAY_ATTESTATION_EXPIRED",
  "GATEWAY_ISSUER_NOT_LISTED",
  "GATEWAY_EVIDENCE_INVALID",
];

/** An order's row, with the promise that the decision on its job is in the log. */
export type AcceptedJob = { row: OrderRow; promise: SignedPromise };

/**
 * Takes an order's job, puts it in line and gives its row. A second time gives the row as it stands, whatever came
 * along: the commitment fixes the job.
 *
 * An order whose evidence fell away since it was funded is taken as well, and fails with a refund.
 *
 * @throws GATEWAY_NOT_EXECUTOR, GATEWAY_JOB_INVALID, GATEWAY_INPUT_INVALID, and the policy's refusals
 */
export async function acceptJob(context: Context, handedIn: JobHandedIn): Promise<AcceptedJob> {
  const { id, order, sealedInput } = handedIn;
  const known = await findOrderRow(context, id);
  if (known) {
    const logged = nothingNew(await readPosition(context.db, context.index));
    return { row: known, promise: await promiseFor(context, id, logged) };
  }
  if (order.custodian !== context.index) {
    throw new GatewayError(
      "GATEWAY_NOT_EXECUTOR",
      `Gateway ${order.custodian} executes this order, not this one.`,
    );
  }
  // A run of a mandate comes without its job: that was handed in once, with the mandate.
  const { spec, salt } =
    handedIn.spec === undefined ? ((await findJob(context, order)) ?? handedIn) : handedIn;
  const job = jobOf(order, { spec, salt });
  const inputMatches =
    order.kind !== OrderKind.ModelUse || (await isInputOf(context, id, order, sealedInput));
  const jobMatches = job.matches && inputMatches;
  const judgement = await judge(context, { action: "job", id, order, jobMatches, orderOnly: true });
  if (!REFUNDED.includes(judgement.reason)) await assertPermitted(context, judgement);
  await context.db.transaction().execute(async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto("orders")
      .values({
        id,
        fixed: JSON.stringify(toWire("Order", order)),
        state: "queued",
        spec: spec === undefined ? null : JSON.stringify(spec),
        salt: salt ?? null,
        sealed_input: sealedInput ? Buffer.from(sealedInput) : null,
        runs: 0,
        updated_at: context.now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) {
      await context.queue.add("run-order", { id }, { key: `run:${id}`, tx });
    }
  });
  reached("job.stored");
  return { row: (await findOrderRow(context, id))!, promise: await promiseFor(context, id, judgement) };
}

async function isInputOf(context: Context, id: Hex, order: Order, sealed?: Uint8Array): Promise<boolean> {
  if (!sealed) throw new GatewayError("GATEWAY_INPUT_INVALID", "A model use comes with its sealed input.");
  const { salt, features } = await openInput(context, id, sealed);
  return commitJob({ inference: 1, features }, salt) === order.job;
}

const inputSchema = v.strictObject({
  salt: v.pipe(v.string(), v.regex(/^0x[0-9a-f]{64}$/)),
  spec: v.strictObject({
    inference: v.literal(1),
    features: v.record(
      v.string(),
      v.strictObject({ value: v.pipe(v.number(), v.finite()), unit: v.string() }),
    ),
  }),
});

/**
 * Opens a model's input, sealed to this gateway for one order.
 *
 * @throws GATEWAY_INPUT_INVALID, which repeats nothing of the input
 */
export async function openInput(context: Context, id: Hex, sealed: Uint8Array): Promise<InferenceInput> {
  const { deployment, keys } = context;
  const about = {
    chainId: deployment.chainId,
    escrow: deployment.contracts.AccessEscrow,
    orderId: id,
    purpose: "inference-input",
  } as const;
  let text: string;
  try {
    const bytes = await openSealed({ recipientKey: keys.sealing, context: about, sealed });
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    if (!isSalusError(cause) && !(cause instanceof TypeError)) throw cause;
    throw new GatewayError("GATEWAY_INPUT_INVALID", "The sealed input does not open for this order.", {
      cause,
    });
  }
  const parsed = v.safeParse(inputSchema, parseJson(text));
  if (parsed.success) return { salt: parsed.output.salt as Hex, features: parsed.output.spec.features };
  throw new GatewayError("GATEWAY_INPUT_INVALID", "The sealed input is not a salt with features and units.");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it; the cause would quote the input
  }
}
