import type { Hex } from "viem";
import { readCheckpoint } from "@salus/sdk/checkpoints/read-checkpoint";
import { signCheckpoint } from "@salus/sdk/checkpoints/sign-checkpoint";
import { typedData } from "@salus/sdk/chain/typed-data";
import { isSalusError } from "@salus/sdk/errors";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import type { LogPosition } from "@salus/sdk/gateway/types";
import type { RegisteredGateway } from "@salus/sdk/gateways/read-gateways";
import { getConsistency } from "@salus/sdk/log/requests";
import { verifyConsistency } from "@salus/sdk/log/verify-proof";
import { sql } from "kysely";
import { verifySignature } from "../auth/verify.ts";
import type { Context } from "../context.ts";
import type { Db } from "../database/connect.ts";
import type { SignedCheckpointRow } from "../database/schema.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { refusalOf } from "../orders/judge.ts";
import { peerTarget } from "../peers/ask-peer.ts";
import { type Contradiction, keepEvidence } from "./evidence.ts";

/** A checkpoint as its gateway hands it in. */
export type CheckpointHandedIn = { checkpoint: LogPosition; signature: Hex };

/** Nodes of a proof that are looked at: two for each level of the largest tree. */
const MOST_NODES = 128;

/** Milliseconds that the other gateway has to prove that its log continues. */
const PATIENCE = 5_000;

/**
 * Cosigns another gateway's checkpoint: its own signature holds, and its log continues the last one that this gateway
 * cosigned or that the chain knows, whichever is longer. The proof is fetched from the gateway itself, from the size that
 * this one remembers.
 *
 * @returns this gateway's signature over the checkpoint; the same again for one that it cosigned before
 * @throws GATEWAY_LOG_SHRUNK, GATEWAY_LOG_FORKED, with the evidence stored; GATEWAY_LOG_UNPROVEN when no proof came;
 * GATEWAY_NOT_ENTITLED, GATEWAY_SIGNATURE_INVALID
 */
export async function cosignCheckpoint(
  context: Context,
  peer: RegisteredGateway,
  handedIn: CheckpointHandedIn,
): Promise<Hex> {
  const { checkpoint, signature } = handedIn;
  if (checkpoint.gateway !== peer.index) throw refusalOf("GATEWAY_NOT_ENTITLED");
  const struct = { ...checkpoint, size: BigInt(checkpoint.size) };
  const typed = typedData(context.deployment, "Checkpoint", struct);
  if (!(await verifySignature(context.chain, peer.signer, typed, signature))) {
    throw refusalOf("GATEWAY_SIGNATURE_INVALID");
  }
  const outcome = await context.db.transaction().execute(async (tx) => {
    // One checkpoint of a gateway at a time: two at once must not both pass against the same past.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`log:${peer.index}`}, 0))`.execute(tx);
    const found = await findContradiction(context, tx, peer, handedIn);
    if (!found) await remember(context, tx, handedIn);
    return found;
  });
  if (outcome) throw await keepEvidence(context, outcome);
  return signCheckpoint(context.deployment, struct, context.keys.signer);
}

async function findContradiction(
  context: Context,
  tx: Db,
  peer: RegisteredGateway,
  { checkpoint, signature }: CheckpointHandedIn,
): Promise<Contradiction | undefined> {
  const { gateway, size, root } = checkpoint;
  const claimed = { size, root, signature };
  const sameSize = await cosignedBefore(tx, gateway, size);
  if (sameSize) {
    return sameSize.root === root ? undefined : { gateway, kind: "forked", known: sameSize, claimed };
  }
  const known = await lastKnown(context, tx, gateway);
  if (!known) return undefined;
  if (size < known.size) return { gateway, kind: "shrunk", known, claimed };
  if (size === known.size)
    return known.root === root ? undefined : { gateway, kind: "forked", known, claimed };
  const proof = await fetchProof(context, peer, known.size, size);
  const proven = { first: known.size, firstRoot: known.root, second: size, secondRoot: root, proof };
  return verifyConsistency(proven)
    ? undefined
    : { gateway, kind: "forked", known, claimed: { ...claimed, proof } };
}

/** The longest log of a gateway that this one cosigned, or that the chain has. */
async function lastKnown(
  context: Context,
  tx: Db,
  gateway: number,
): Promise<SignedCheckpointRow | undefined> {
  const [own, posted] = await Promise.all([
    tx
      .selectFrom("peer_checkpoints")
      .select(["size", "root", "signature"])
      .where("gateway", "=", gateway)
      .orderBy("size", "desc")
      .limit(1)
      .executeTakeFirst(),
    readCheckpoint(context.chain.reader, gateway),
  ]);
  if (posted && Number(posted.size) > (own?.size ?? 0)) {
    return { size: Number(posted.size), root: posted.root, signature: null };
  }
  return own;
}

function cosignedBefore(tx: Db, gateway: number, size: number): Promise<SignedCheckpointRow | undefined> {
  return tx
    .selectFrom("peer_checkpoints")
    .select(["size", "root", "signature"])
    .where("gateway", "=", gateway)
    .where("size", "=", size)
    .executeTakeFirst();
}

async function fetchProof(
  context: Context,
  peer: RegisteredGateway,
  first: number,
  second: number,
): Promise<Hex[]> {
  try {
    const target = await peerTarget(context, peer.index);
    const { proof } = await getConsistency(target, { first, second, signal: AbortSignal.timeout(PATIENCE) });
    return Array.isArray(proof) ? proof.slice(0, MOST_NODES) : [];
  } catch (cause) {
    if (!(cause instanceof GatewayRequestError) && !isSalusError(cause) && !(cause instanceof DOMException))
      throw cause;
    throw new GatewayError(
      "GATEWAY_LOG_UNPROVEN",
      `Gateway ${peer.index} gave no proof that its log of ${second} entries continues that of ${first}.`,
      { cause },
    );
  }
}

async function remember(
  context: Context,
  tx: Db,
  { checkpoint, signature }: CheckpointHandedIn,
): Promise<void> {
  await tx
    .insertInto("peer_checkpoints")
    .values({ ...checkpoint, signature, cosigned_at: context.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
