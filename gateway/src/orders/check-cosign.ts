import { type Address, type Hex, isAddressEqual } from "viem";
import { type Cohort, exclusionReasons } from "@salus/sdk/cohort/compute-cohort";
import { sha256, toHex } from "@salus/sdk/crypto/index";
import { logsDigest } from "@salus/sdk/gateway/commitments";
import type { CosignRequest, LogPosition, SignedErasure } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { OrderKind } from "@salus/sdk/generated/constants";
import type { Order, Receipt } from "@salus/sdk/types";
import { verifyRequest } from "../auth/verify.ts";
import { slotsAt } from "../chain/reads.ts";
import type { Block } from "../chain/view.ts";
import { readLocalWord } from "../consents/local-word.ts";
import { receiveRevocation } from "../consents/receive-revocation.ts";
import type { Context } from "../context.ts";
import { receiveErasure } from "../erasure/receive-erasure.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { cohortAt, isCohortOf, readReceiptBlocks } from "./cohort-at.ts";
import type { Job } from "./job-of.ts";
import type { Judgement } from "./judge.ts";

/** Blocks that a receipt's grant block may lie behind this gateway's finalized block. */
const GRANT_LAG = 64n;

/** What a cosigner was asked to sign, decoded. */
export type Cosigning = {
  id: Hex;
  order: Order;
  receipt: Receipt;
  job: Job;
  request: CosignRequest;
  sealedResult: Uint8Array;
};

/**
 * Recomputes what a receipt states, from this gateway's own view: order, job, cost, blocks, cohort, exclusions, result
 * and log position.
 *
 * @param judgement this gateway's own, at its own head
 * @returns the cohort; nothing for a model use, which has none
 * @throws GATEWAY_COSIGN_MISMATCH naming the first member that differs
 */
export async function checkCosigning(
  context: Context,
  c: Cosigning,
  judgement: Judgement,
): Promise<Cohort | undefined> {
  const { receipt, order, job } = c;
  const expected: [name: string, holds: boolean][] = [
    ["order", receipt.order === c.id],
    ["job", receipt.job === order.job],
    ["algorithm", receipt.algorithm === job.algorithm],
    ["parameters", receipt.parameters === job.parameters],
    ["privacyCost", receipt.privacyCost === job.privacyCost],
    ["result", receipt.result === toHex(sha256(c.sealedResult))],
    ["attestation", receipt.attestation === 1],
    ["logs", receipt.logs === logsDigest(c.request.logs)],
    ["logs", await isOwnPosition(context, c.request.logs)],
  ];
  for (const [name, holds] of expected) if (!holds) throw mismatch(name);
  if (order.kind !== OrderKind.ModelUse) return checkCohort(context, c, judgement);
  await checkBlocks(context, receipt, judgement);
  return undefined;
}

async function isOwnPosition(context: Context, logs: readonly LogPosition[]): Promise<boolean> {
  const own = logs.find(({ gateway }) => gateway === context.index);
  if (!own) return false;
  if (own.size === 0) return true;
  const known = await context.db
    .selectFrom("log_heads")
    .select("root")
    .where("size", "=", own.size)
    .executeTakeFirst();
  return known?.root === own.root;
}

async function checkBlocks(context: Context, receipt: Receipt, { snapshot }: Judgement) {
  const blocks = await readReceiptBlocks(context.chain, receipt);
  const { head, finalized } = snapshot!;
  const recent = (block: Block) => head.time - block.time <= context.environment.maxHeadAge;
  if (blocks.consent.hash !== receipt.consentBlockHash || !recent(blocks.consent))
    throw mismatch("consentBlock");
  const late = blocks.grant.number > finalized.number;
  if (late || finalized.number - blocks.grant.number > GRANT_LAG) throw mismatch("grantBlock");
  return blocks;
}

async function checkCohort(context: Context, c: Cosigning, judgement: Judgement): Promise<Cohort> {
  const { order, receipt, request } = c;
  const blocks = await checkBlocks(context, receipt, judgement);
  const excluded = await checkExclusions(context, c, blocks.consent);
  const version = judgement.version!;
  const cohort = await cohortAt(context.chain, { order, version, blocks, excluded });
  if (!isCohortOf(receipt, cohort) || cohort.excluded.length !== request.excluded.length)
    throw mismatch("cohort");
  // Nobody in it may have stopped since, as far as this gateway knows.
  const now = new Set(judgement.permitted.map(({ leaf }) => leaf.recordId));
  const stopped = cohort.records.find(({ recordId }) => !now.has(recordId));
  if (stopped) throw mismatch(`cohort (record ${stopped.recordId} may not be used any more)`);
  return cohort;
}

/** Leaving someone out costs them their share: each exclusion is justified by a signature. */
async function checkExclusions(
  context: Context,
  { order, request }: Cosigning,
  at: Block,
): Promise<Map<string, number>> {
  const excluded = new Map<string, number>();
  for (const { subject, reason, evidence } of request.excluded) {
    if (!(await isJustified(context, order, { subject, reason, evidence }, at)))
      throw mismatch(`exclusion of ${subject}`);
    excluded.set(subject.toLowerCase(), reason);
  }
  return excluded;
}

async function isJustified(
  context: Context,
  order: Order,
  { subject, reason, evidence }: CosignRequest["excluded"][number],
  at: Block,
): Promise<boolean> {
  if ("revocation" in evidence) {
    const revoked = reason === exclusionReasons.revocationReceived;
    return revoked && isRevoked(context, order, subject, evidence.revocation, at);
  }
  if ("veto" in evidence)
    return reason === exclusionReasons.veto && isVetoed(context, order, subject, evidence.veto);
  return reason === exclusionReasons.erased && isErased(context, order, subject, evidence.erasure);
}

/** Throws when it is not its subject's; from here on this gateway has erased as well. */
async function isErased(
  context: Context,
  order: Order,
  subject: Address,
  signed: SignedErasure,
): Promise<boolean> {
  const { erasure } = signed;
  if (BigInt(erasure.dataset) !== order.asset || !isAddressEqual(erasure.subject, subject)) return false;
  await receiveErasure(context, signed, { from: "gateway" });
  return true;
}

type Evidence = CosignRequest["excluded"][number]["evidence"];

async function isRevoked(
  context: Context,
  order: Order,
  subject: Address,
  signed: Extract<Evidence, { revocation: unknown }>["revocation"],
  at: Block,
): Promise<boolean> {
  const { dataset, subject: signer, maxNonce } = fromWire("Revocation", signed.revocation);
  if (dataset !== order.asset || !isAddressEqual(signer, subject)) return false;
  // A revocation that the chain went past before that block excuses nothing: its subject granted anew.
  const slots = await slotsAt(context.chain, dataset, [subject], at.hash);
  if (slots.get(subject.toLowerCase())!.nonce > maxNonce) return false;
  // Throws when it is not the subject's; from here on this gateway denies as well.
  await receiveRevocation(context, signed, { from: "gateway" });
  // One that nobody can bring on chain any more, and past which the subject granted anew, excuses nothing either.
  const { revoked } = await readLocalWord(context.db, dataset);
  return (revoked.get(subject.toLowerCase())?.revocation.maxNonce ?? -1) >= maxNonce;
}

async function isVetoed(
  context: Context,
  order: Order,
  subject: Address,
  { veto, signature }: Extract<Evidence, { veto: unknown }>["veto"],
): Promise<boolean> {
  const { operator } = await context.directory.get(order.custodian);
  const message = { ...veto, dataset: BigInt(veto.dataset) };
  const about = message.dataset === order.asset && isAddressEqual(veto.subject, subject);
  if (!about || veto.gateway !== order.custodian) return false;
  return verifyRequest(context.chain, { primaryType: "Veto", message, signer: operator, signature });
}

function mismatch(what: string): GatewayError {
  return new GatewayError("GATEWAY_COSIGN_MISMATCH", `The receipt's ${what} is not what this gateway finds.`);
}
