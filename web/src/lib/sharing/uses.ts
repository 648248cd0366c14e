import type { ProofState, ProvenEntry } from "@salus/sdk/log/audit-history";
import { OrderKind } from "@salus/sdk/generated/constants";
import type { DatasetUseQuery } from "@salus/sdk/generated/queries";
import type { PersonalUse, Sharing, UntoldUse } from "#lib/data/sharing.ts";
import type { Hex, OrderKindName } from "#lib/data/types.ts";
import { partOf } from "./standing.ts";

type PublicReceipt = DatasetUseQuery["receipts"][number];

/** Decisions that say whether the record took part; others are steps on the way. */
const DECIDING = ["job", "receipt", "download"];

/** Why a record was left out, for people. */
const REASONS: Record<string, string> = {
  GATEWAY_CONSENT_REVOKED: "You had stopped sharing.",
  GATEWAY_CONSENT_MISSING: "You do not allow this.",
  GATEWAY_CONSENT_EXPIRED: "Your permission had ended.",
  GATEWAY_CONSENT_NOT_FINAL: "Your new choice was not in force yet.",
  GATEWAY_SUBJECT_VETOED: "Your hospital said no.",
  GATEWAY_DATASET_VETOED: "Your hospital said no.",
};

/**
 * What became of a person's record, order by order, newest first: the custodian's log, told to the person alone, says
 * whether it took part; the public receipts say with how many others and what it brought.
 */
export function personalUses(
  sharing: Sharing,
  entries: readonly ProvenEntry[],
  receipts: readonly PublicReceipt[],
): PersonalUse[] {
  const byOrder = new Map<Hex, ProvenEntry>();
  const proofs = new Map<Hex, ProofState>();
  for (const entry of entries) {
    proofs.set(entry.order, worse(proofs.get(entry.order), entry.state));
    const known = byOrder.get(entry.order);
    if (DECIDING.includes(entry.action) && (!known || entry.index > known.index))
      byOrder.set(entry.order, entry);
  }
  const receiptOf = new Map(receipts.map((receipt) => [receipt.id.toLowerCase(), receipt]));
  return [...byOrder.values()]
    .map((entry) => ({
      ...useOf(sharing, entry, receiptOf.get(entry.order.toLowerCase())),
      proof: proofs.get(entry.order)!,
    }))
    .sort((a, b) => b.at - a.at);
}

/** From the best to the worst: one line that is missing spoils the order. */
const STATES: readonly ProofState[] = ["proven", "pending", "missing"];

function worse(known: ProofState | undefined, next: ProofState): ProofState {
  return STATES[Math.max(STATES.indexOf(known ?? "proven"), STATES.indexOf(next))]!;
}

/** Orders on which the keeper must have decided about this person: of every version that held the record. */
export function expectedOrders(sharing: Sharing, receipts: readonly PublicReceipt[]): Hex[] {
  return receipts.filter(({ order }) => order.version.number >= sharing.sinceVersion).map(({ id }) => id);
}

/** What the public record tells of uses of which the keeper told nothing, newest first. */
export function untoldUses(
  sharing: Sharing,
  untold: readonly Hex[],
  receipts: readonly PublicReceipt[],
): UntoldUse[] {
  const { datasetTitle, custodian } = { datasetTitle: sharing.title, custodian: sharing.custodian };
  return receipts
    .filter(({ id }) => untold.includes(id))
    .map(({ id, timestamp }) => ({ order: id, datasetTitle, custodian, at: Number(timestamp) }))
    .sort((a, b) => b.at - a.at);
}

function useOf(
  sharing: Sharing,
  entry: ProvenEntry,
  receipt: PublicReceipt | undefined,
): Omit<PersonalUse, "proof"> {
  const used = entry.decision === "permitted";
  const pot = receipt?.order.settlement?.pot;
  const brought =
    used && receipt && pot ? partOf(BigInt(pot), sharing.weight, BigInt(receipt.totalWeight)) : 0n;
  return {
    order: entry.order,
    dataset: sharing.dataset,
    datasetTitle: sharing.title,
    kind: kindOf(entry.kind),
    uses: BigInt(entry.uses),
    at: entry.at,
    used,
    refused: used ? null : (REASONS[entry.reason] ?? "A rule did not allow it."),
    cohort: receipt ? Number(receipt.cohort) : null,
    estimate: brought,
    currency: sharing.currency,
  };
}

function kindOf(kind: number): OrderKindName {
  if (kind === OrderKind.Training) return "Training";
  if (kind === OrderKind.Download) return "Download";
  return kind === OrderKind.ModelUse ? "ModelUse" : "Analysis";
}
