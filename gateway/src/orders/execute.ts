import { BaseError, type Hex, sha256, stringToBytes, zeroHash } from "viem";
import { MINIMUM_CELL } from "@salus/compute/index";
import { signStruct } from "@salus/sdk/chain/sign-struct";
import { send } from "@salus/sdk/chain/send";
import { isSalusError } from "@salus/sdk/errors";
import { commitOutput } from "@salus/sdk/gateway/commitments";
import { fromWire, toWire } from "@salus/sdk/gateway/wire";
import { accessEscrowAbi } from "@salus/sdk/generated/abis";
import { OrderKind, OrderState } from "@salus/sdk/generated/constants";
import { deliverOrder } from "@salus/sdk/orders/deliver-order";
import { readOrderStatus } from "@salus/sdk/orders/read-order-status";
import { refundOrder } from "@salus/sdk/orders/refund-order";
import type { Failure } from "@salus/sdk/types";
import { blockAt } from "../chain/view.ts";
import type { Context } from "../context.ts";
import type { OutcomeRow } from "../database/schema.ts";
import { reached } from "../durable/steps.ts";
import { isGatewayError } from "../errors/gateway-error.ts";
import { type Reason, REASONS } from "../policy/reasons.ts";
import { collectSignatures } from "./collect-signatures.ts";
import { ExecutionError, FAILURE_REASONS } from "./execution-error.ts";
import { gatherShares } from "./gather-shares.ts";
import { type Job, jobOf } from "./job-of.ts";
import { judge, type Judgement } from "./judge.ts";
import { modelDigestOf } from "./order-facts.ts";
import { openCohort } from "./open-cohort.ts";
import { ENDED, findOrderRow, orderOf, type OrderRow, updateOrder } from "./order-rows.ts";
import { runOrderJob } from "./run-job.ts";

/** Runs that an order may take when its cohort changes under way. */
const MOST_RUNS = 5;

/** Seconds until a passing fault is tried again. */
const RETRY_AFTER = 2;

/**
 * Brings an order from its job to its delivery, or to its refund. It may be called at any time and any number of times:
 * it looks at the chain and at what is stored, and goes on from there. An order is never delivered twice, since the
 * escrow takes one receipt, and a receipt that was signed is sent again rather than replaced.
 */
export async function executeOrder(context: Context, id: Hex): Promise<void> {
  const row = await findOrderRow(context, id);
  // Whoever delivered it may have ended before its settlement waited in line.
  if (row?.state === "delivered") return queueAfterDelivery(context, row);
  if (!row || ENDED.includes(row.state)) return;
  try {
    if (await isOver(context, row)) return;
    await deliver(context, row, await signedReceipt(context, row));
  } catch (error) {
    await settleFault(context, row, error);
  }
}

/** Looks at the chain first: the order may have ended while this gateway was not looking. */
async function isOver(context: Context, row: OrderRow): Promise<boolean> {
  const status = await readOrderStatus(context.chain.reader, row.id);
  if (status.state === OrderState.Funded) {
    const { head } = await context.chain.snapshot();
    if (head.time <= orderOf(row).deliverBy) return false;
    await expire(context, row);
    return true;
  }
  if (status.state === OrderState.Refunded) {
    await end(context, row, {
      code: "GATEWAY_ORDER_REFUNDED",
      message: "The order was refunded.",
      hint: "Place a new order.",
    });
    return true;
  }
  if (status.state === OrderState.None) return isGone(context, row);
  await delivered(context, row.id);
  return true;
}

/** A payment that a reorganisation undid may come back until the order's deadline; the policy denies meanwhile. */
async function isGone(context: Context, row: OrderRow): Promise<boolean> {
  const { head } = await context.chain.snapshot();
  if (head.time <= orderOf(row).deliverBy) return false;
  const { message, hint } = REASONS.GATEWAY_ORDER_NOT_FUNDED;
  await end(context, row, { code: "GATEWAY_ORDER_NOT_FUNDED", message, hint });
  return true;
}

async function signedReceipt(context: Context, row: OrderRow): Promise<OrderRow> {
  const job = await readJob(context, row);
  if (row.receipt && row.signatures && (await isStillRight(context, row))) return row;
  const { judgement, outcome } = await runUntilStable(context, row, job);
  await updateOrder(context, row.id, { state: "signing" });
  const { receipt, signatures } = await collectSignatures(context, { row, job, judgement, outcome });
  await updateOrder(context, row.id, {
    state: "submitted",
    receipt: toWire("Receipt", receipt),
    signatures,
    excluded: judgement.excluded,
  });
  reached("receipt.collected");
  return (await findOrderRow(context, row.id))!;
}

async function readJob(context: Context, row: OrderRow): Promise<Job> {
  const order = orderOf(row);
  const digest = order.kind === OrderKind.ModelUse ? await modelDigestOf(context, order) : undefined;
  return jobOf(order, { spec: row.spec ?? undefined, salt: row.salt ?? undefined }, digest);
}

/** Blocks behind the head whose hashes the escrow can still look up (EIP-2935), less a margin. */
const HASH_REACH = 8_000n;

/** Whether a receipt that was signed before a pause names a block that counts, and the cohort of now. */
async function isStillRight(context: Context, row: OrderRow): Promise<boolean> {
  const { consentBlock, consentBlockHash } = row.receipt!;
  const judgement = await judgeOwn(context, row, "receipt");
  const age = judgement.snapshot!.head.number - BigInt(consentBlock);
  if (age < 0n || age > HASH_REACH) return false;
  const { hash } = await blockAt(context.chain.reader, { blockNumber: BigInt(consentBlock) });
  if (hash !== consentBlockHash) return false;
  return (judgement.cohort?.inputRoot ?? zeroHash) === row.receipt!.inputRoot;
}

/** Runs the job, and again while the cohort of after the run is not that of before. */
async function runUntilStable(
  context: Context,
  row: OrderRow,
  job: Job,
): Promise<{ judgement: Judgement; outcome: OutcomeRow }> {
  let outcome = row.outcome;
  // An outcome that lasts is not run for again, however many runs it took.
  for (let run = row.runs; outcome || run < MOST_RUNS;) {
    outcome ??= await runOnce(context, row, job, run++);
    if (outcome) {
      // Revocations that came in while the job ran are seen here, before anything is signed.
      const judgement = await judgeOwn(context, row, "receipt");
      if ((judgement.cohort?.inputRoot ?? zeroHash) === outcome.inputRoot) return { judgement, outcome };
    }
    outcome = null;
  }
  throw new ExecutionError("fail", FAILURE_REASONS.cohortUnstable, {
    code: "GATEWAY_COHORT_UNSTABLE",
    message: `The cohort changed during each of ${MOST_RUNS} runs.`,
    hint: "Order again later.",
  });
}

/** One run; nothing when revocations were learnt under way, after which the cohort is computed anew. */
async function runOnce(context: Context, row: OrderRow, job: Job, run: number): Promise<OutcomeRow | null> {
  const order = orderOf(row);
  await updateOrder(context, row.id, { state: "gathering shares" });
  reached("job.gathering");
  const judgement = await judgeOwn(context, row, "job");
  const records: Uint8Array[] = [];
  if (order.kind === OrderKind.Analysis || order.kind === OrderKind.Training) {
    assertLargeEnough(judgement);
    const gathered = await gatherShares(context, row, judgement.version!, judgement.permitted);
    if ("revocationsLearnt" in gathered) return null;
    records.push(...(await openCohort(context, judgement.version!, judgement.permitted, gathered.shares)));
  }
  try {
    await updateOrder(context, row.id, { state: "running", runs: run + 1 });
    reached("job.running");
    const { cohort } = judgement;
    const manifestCid = await manifestCidOf(context, row);
    const outcome = await runOrderJob(context, row, job, {
      ...(cohort ? { cohort } : {}),
      records,
      manifestCid,
    });
    await updateOrder(context, row.id, { outcome });
    reached("job.outcome");
    return outcome;
  } finally {
    for (const record of records) record.fill(0);
  }
}

/** No key leaves a gateway for a job that could not be shown anyway. */
function assertLargeEnough({ permitted }: Judgement): void {
  if (permitted.length >= MINIMUM_CELL) return;
  throw new ExecutionError("fail", FAILURE_REASONS.cohortTooSmall, {
    code: "GATEWAY_COHORT_TOO_SMALL",
    message: `Fewer than ${MINIMUM_CELL} subjects permit this order.`,
    hint: "Choose a dataset version or a purpose that more subjects permit.",
  });
}

async function manifestCidOf({ db }: Context, row: OrderRow): Promise<string> {
  const { asset, version } = orderOf(row);
  const found = await db
    .selectFrom("versions")
    .select("manifest_cid")
    .where("asset", "=", asset.toString())
    .where("number", "=", version)
    .executeTakeFirst();
  return found?.manifest_cid ?? "";
}

/** Refusals of an order that a moment later may be none: a reorganisation can undo a payment, and bring it back. */
const MAY_PASS: readonly Reason[] = [
  "GATEWAY_HEAD_STALE",
  "GATEWAY_RPC_DISAGREEMENT",
  "GATEWAY_ORDER_NOT_FUNDED",
];

/** @throws ExecutionError when the policy forbids the order as a whole */
async function judgeOwn(context: Context, row: OrderRow, action: "job" | "receipt"): Promise<Judgement> {
  const judgement = await judge(context, { action, id: row.id, order: orderOf(row) });
  const { reason } = judgement;
  if (reason === "PERMITTED") return judgement;
  const { message, hint } = REASONS[reason];
  const next = MAY_PASS.includes(reason) ? "retry" : "fail";
  throw new ExecutionError(next, FAILURE_REASONS.refused, { code: reason, message, hint });
}

async function deliver(context: Context, row: OrderRow, signed: OrderRow): Promise<void> {
  const order = orderOf(row);
  const receipt = fromWire("Receipt", signed.receipt);
  const transaction = await context.sender((writer) =>
    deliverOrder(writer, { order, receipt, signatures: signed.signatures! }),
  );
  reached("deliver.mined");
  context.logger.info({ order: row.id, cohort: receipt.cohort }, "delivered");
  await delivered(context, row.id, transaction.transactionHash);
}

async function delivered(context: Context, id: Hex, transaction?: Hex): Promise<void> {
  await updateOrder(context, id, { state: "delivered", ...(transaction ? { transaction } : {}) });
  reached("deliver.stored");
  context.metrics.jobs.inc({ outcome: "delivered" });
  await queueAfterDelivery(context, (await findOrderRow(context, id))!);
}

/** Seconds after which it is looked whether a delivery is final. */
const LOOK_AFTER = 2;

/** A delivered order is looked after until it is settled; a download is reported before. */
export async function queueAfterDelivery(context: Context, row: OrderRow): Promise<void> {
  const { id } = row;
  if (orderOf(row).kind === OrderKind.Download) {
    await context.queue.add("report-download", { id }, { key: `report:${id}`, delaySeconds: 3 });
  } else {
    await context.queue.add("settle-order", { id }, { key: `settle:${id}`, delaySeconds: LOOK_AFTER });
  }
}

/** Retries what may pass until the deadline; has the buyer refunded otherwise. */
async function settleFault(context: Context, row: OrderRow, error: unknown): Promise<void> {
  if (error instanceof ExecutionError && error.next === "fail") return fail(context, row, error);
  if (!isPassing(error)) throw error;
  context.logger.warn({ order: row.id, err: error }, "an order waits for another attempt");
  await context.queue.add("run-order", { id: row.id }, { key: `run:${row.id}`, delaySeconds: RETRY_AFTER });
}

function isPassing(error: unknown): boolean {
  if (error instanceof ExecutionError) return true;
  if (isGatewayError(error)) return error.status >= 500 && error.code !== "GATEWAY_INTERNAL";
  // The chain was away, or something moved between trying and mining; the next look tells.
  return isSalusError(error) || error instanceof BaseError;
}

async function fail(context: Context, row: OrderRow, { reason, told }: ExecutionError): Promise<void> {
  const { deployment, keys } = context;
  const order = orderOf(row);
  const salt = keys.derive("failure", row.id);
  const failure: Failure = {
    order: row.id,
    reason,
    detail: commitOutput(salt, sha256(stringToBytes(`${told.code}: ${told.message}`))),
  };
  const signature = await signStruct(deployment, "Failure", failure, keys.signer);
  const { transactionHash } = await context.sender((writer) =>
    send(writer, {
      address: deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      functionName: "fail",
      args: [order, failure, [{ gateway: context.index, signature }]],
    }),
  );
  reached("fail.mined");
  await end(context, row, told, transactionHash);
}

async function expire(context: Context, row: OrderRow): Promise<void> {
  const { transactionHash } = await context.sender((writer) => refundOrder(writer, orderOf(row)));
  const told = {
    code: "GATEWAY_ORDER_EXPIRED",
    message: "The order was not delivered by its deadline and was refunded.",
    hint: "Order again when more gateways of the dataset's set are running.",
  };
  await end(context, row, told, transactionHash);
}

async function end(
  context: Context,
  row: OrderRow,
  failure: { code: string; message: string; hint: string },
  transaction?: Hex,
): Promise<void> {
  await updateOrder(context, row.id, { state: "failed", failure, ...(transaction ? { transaction } : {}) });
  context.metrics.jobs.inc({ outcome: "failed" });
  context.logger.warn({ order: row.id, code: failure.code }, failure.message);
}
