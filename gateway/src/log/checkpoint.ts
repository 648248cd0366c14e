import type { Hex } from "viem";
import { postCheckpoint } from "@salus/sdk/checkpoints/post-checkpoint";
import { readCheckpoint } from "@salus/sdk/checkpoints/read-checkpoint";
import { signCheckpoint } from "@salus/sdk/checkpoints/sign-checkpoint";
import { typedData } from "@salus/sdk/chain/typed-data";
import type { LogPosition } from "@salus/sdk/gateway/types";
import type { GatewaySignature } from "@salus/sdk/orders/deliver-order";
import { verifySignature } from "../auth/verify.ts";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { askPeer } from "../peers/ask-peer.ts";
import { nodeReader } from "./nodes.ts";
import { consistencyProof, rootAt } from "./proofs.ts";
import { readPosition } from "./read-position.ts";

/** Other gateways' signatures that one checkpoint carries at most; one is enough for the chain. */
const MOST_COSIGNERS = 13;

/**
 * The recurring task: brings the log's state on chain when it grew, and puts itself in line again. A failure is logged and
 * left for the next time; promises leave room for several.
 */
export async function keepCheckpointing(context: Context): Promise<void> {
  try {
    await checkpointLog(context);
  } catch (err) {
    context.metrics.checkpoints.inc({ outcome: "failed" });
    context.logger.warn({ err }, "the log was not checkpointed this time");
  }
  await queueCheckpoint(context, context.environment.checkpointSeconds);
}

/** Puts the recurring task in line; one that waits already is replaced. */
export function queueCheckpoint({ queue }: Context, delaySeconds = 0): Promise<void> {
  return queue.add("checkpoint-log", {}, { key: "checkpoint-log", delaySeconds });
}

/**
 * Signs the log's present state, has it cosigned by the other gateways and posts it, with the proof that it continues what
 * the chain knows. Does nothing when the chain knows it already.
 *
 * @returns the transaction; undefined when the log has not grown
 * @throws GATEWAY_LOG_SHRUNK, GATEWAY_LOG_FORKED when this gateway's own log is not what it posted; GATEWAY_LOG_UNPROVEN
 * when nobody cosigned; what the chain answers
 */
export async function checkpointLog(context: Context): Promise<Hex | undefined> {
  const log = await readPosition(context.db, context.index);
  const posted = await readCheckpoint(context.chain.reader, context.index);
  const known = posted ? { size: Number(posted.size), root: posted.root } : undefined;
  const read = nodeReader(context.db);
  if (known) {
    if (log.size < known.size)
      throw ownFault("GATEWAY_LOG_SHRUNK", `has ${log.size} of ${known.size} entries`);
    if ((await rootAt(read, known.size)) !== known.root) throw ownFault("GATEWAY_LOG_FORKED", "was changed");
  }
  if (log.size === (known?.size ?? 0)) return undefined;
  const own = await signOwn(context, log);
  const cosignatures = await collectCosignatures(context, log, own);
  // Before they are on chain, so that no reader of the chain finds a checkpoint here without them.
  await keep(context, log, { cosignatures: JSON.stringify(cosignatures) });
  const proof = await consistencyProof(read, known?.size ?? 0, log.size);
  const signatures = [{ gateway: context.index, signature: own }, ...cosignatures];
  const checkpoint = { ...log, size: BigInt(log.size) };
  const { transactionHash } = await context.sender((writer) =>
    postCheckpoint(writer, { checkpoint, signatures, proof }),
  );
  await keep(context, log, { transaction: transactionHash });
  context.metrics.checkpoints.inc({ outcome: "posted" });
  context.logger.info({ size: log.size, cosigners: cosignatures.length }, "log checkpointed");
  return transactionHash;
}

async function keep(
  { db }: Context,
  { size }: LogPosition,
  what: { cosignatures: string } | { transaction: Hex },
): Promise<void> {
  await db.updateTable("log_checkpoints").set(what).where("size", "=", size).execute();
}

/** The signature is stored before anyone sees it. Of one size there is only ever one. */
async function signOwn({ db, deployment, keys, now }: Context, log: LogPosition): Promise<Hex> {
  const signature = await signCheckpoint(deployment, { ...log, size: BigInt(log.size) }, keys.signer);
  const { size, root } = log;
  await db
    .insertInto("log_checkpoints")
    .values({ size, root, signature, cosignatures: "[]", signed_at: now(), transaction: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  reached("checkpoint.signed");
  return signature;
}

async function collectCosignatures(
  context: Context,
  checkpoint: LogPosition,
  signature: Hex,
): Promise<GatewaySignature[]> {
  const all = [...(await context.directory.all()).values()];
  const others = all.filter(({ index, active }) => active && index !== context.index);
  const answers = await Promise.allSettled(
    others.map(({ index }) => cosignatureOf(context, index, checkpoint, signature)),
  );
  const given = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  for (const [i, answer] of answers.entries()) {
    if (answer.status === "fulfilled") continue;
    context.logger.warn(
      { peer: others[i]!.index, err: answer.reason },
      "a gateway did not cosign the checkpoint",
    );
  }
  if (given.length > 0) return given.toSorted((a, b) => a.gateway - b.gateway).slice(0, MOST_COSIGNERS);
  throw new GatewayError(
    "GATEWAY_LOG_UNPROVEN",
    `None of ${others.length} other gateways cosigned the checkpoint.`,
  );
}

async function cosignatureOf(
  context: Context,
  gateway: number,
  checkpoint: LogPosition,
  own: Hex,
): Promise<GatewaySignature> {
  const json = { checkpoint, signature: own };
  const { signature } = await askPeer<GatewaySignature>(context, gateway, {
    method: "POST",
    path: "/v1/peer/checkpoint",
    json,
  });
  const { signer } = await context.directory.get(gateway);
  const typed = typedData(context.deployment, "Checkpoint", { ...checkpoint, size: BigInt(checkpoint.size) });
  if (await verifySignature(context.chain, signer, typed, signature)) return { gateway, signature };
  throw new GatewayError(
    "GATEWAY_LOG_UNPROVEN",
    `Gateway ${gateway} answered with a signature that is not its own.`,
  );
}

function ownFault(code: "GATEWAY_LOG_SHRUNK" | "GATEWAY_LOG_FORKED", what: string): GatewayError {
  return new GatewayError(code, `This gateway's log is not the one that it posted: it ${what}.`, {
    hint: "Restore the database from a backup that holds every entry that was posted.",
  });
}
