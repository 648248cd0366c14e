import {
  type AccessHistory,
  MOST_ENTRIES,
  type ProofState,
  type ProvenEntry,
  untoldOrders,
} from "@salus/sdk/log/audit-history";
import { OrderKind } from "@salus/sdk/generated/constants";
import type { DatasetUseQuery } from "@salus/sdk/generated/queries";
import { institutionOf } from "#lib/data/asset-words.ts";
import type { KeeperList, PersonalUse, Sharing, UntoldUse } from "#lib/data/sharing.ts";
import type { Hex, Keeper, OrderKindName } from "#lib/data/types.ts";
import { partOf } from "./standing.ts";

type PublicReceipt = DatasetUseQuery["receipts"][number];

/** What one keeper of a record told about it; null when it did not answer. */
export interface Told {
  keeper: Keeper;
  history: AccessHistory | null;
}

/** Decisions that say whether the record took part, at who runs the job and at the others; the rest are steps on the way. */
const DECIDING = ["job", "receipt", "download"];
const WITNESSING = ["cosign", "share", "download"];
/** Decisions that another keeper makes only because who runs the job asked for it. */
const ASKED_FOR = ["cosign", "share"];

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
 * What became of a person's record, order by order, newest first: the lists of its keepers, told to the person alone, say
 * whether it took part; the public receipts say with how many others and what it brought.
 */
export function personalUses(
  sharing: Sharing,
  told: readonly Told[],
  receipts: readonly PublicReceipt[],
): PersonalUse[] {
  const byOrder = new Map<Hex, { entry: ProvenEntry; from: Keeper }>();
  const proofs = new Map<Hex, ProofState>();
  for (const { keeper, entry } of allEntries(sharing, told)) {
    proofs.set(entry.order, worse(proofs.get(entry.order), entry.state));
    const deciding = isCustodian(sharing, keeper) ? DECIDING : WITNESSING;
    const known = byOrder.get(entry.order);
    // Who runs the job comes first and has the last word; of one list the newest line counts.
    const newer = known?.from.number === keeper.number && entry.index > known.entry.index;
    if (deciding.includes(entry.action) && (!known || newer))
      byOrder.set(entry.order, { entry, from: keeper });
  }
  const receiptOf = new Map(receipts.map((receipt) => [receipt.id.toLowerCase(), receipt]));
  return [...byOrder.values()]
    .map(({ entry }) => ({
      ...useOf(sharing, entry, receiptOf.get(entry.order.toLowerCase())),
      proof: proofs.get(entry.order)!,
    }))
    .sort((a, b) => b.at - a.at);
}

function isCustodian({ gateway }: Sharing, keeper: Keeper): boolean {
  return keeper.number === gateway.number;
}

function allEntries(sharing: Sharing, told: readonly Told[]): { keeper: Keeper; entry: ProvenEntry }[] {
  const custodianFirst = [...told].sort(
    (a, b) => Number(isCustodian(sharing, b.keeper)) - Number(isCustodian(sharing, a.keeper)),
  );
  return custodianFirst.flatMap(({ keeper, history }) =>
    (history?.entries ?? []).map((entry) => ({ keeper, entry })),
  );
}

/** From the best to the worst: one line that is missing spoils the order. */
const STATES: readonly ProofState[] = ["proven", "pending", "missing"];

function worse(known: ProofState | undefined, next: ProofState): ProofState {
  return STATES[Math.max(STATES.indexOf(known ?? "proven"), STATES.indexOf(next))]!;
}

/**
 * Orders on which a keeper must have decided about this person, of every version that held the record: who runs the jobs
 * on all of them, another one on those whose receipt it signed.
 */
export function expectedOrders(sharing: Sharing, keeper: Keeper, receipts: readonly PublicReceipt[]): Hex[] {
  return receipts
    .filter(({ order }) => order.version.number >= sharing.sinceVersion)
    .filter(
      ({ signers }) => isCustodian(sharing, keeper) || signers.some(({ number }) => number === keeper.number),
    )
    .map(({ id }) => id);
}

/**
 * Uses that a keeper left out of its list, newest first: those of the public record on which it must have decided, and for
 * who runs the jobs those that another keeper was asked to help with.
 */
export function untoldUses(
  sharing: Sharing,
  told: readonly Told[],
  receipts: readonly PublicReceipt[],
): UntoldUse[] {
  const seen = new Map(receipts.map(({ id, timestamp }) => [id.toLowerCase(), Number(timestamp)]));
  const witnessed = new Set<Hex>();
  for (const { keeper, entry } of allEntries(sharing, told)) {
    if (isCustodian(sharing, keeper) || !ASKED_FOR.includes(entry.action)) continue;
    witnessed.add(entry.order);
    if (!seen.has(entry.order.toLowerCase())) seen.set(entry.order.toLowerCase(), entry.at);
  }
  return told
    .flatMap(({ keeper, history }) => {
      // A full answer may have left older orders out: nothing follows from their absence.
      if (!history || history.entries.length >= MOST_ENTRIES) return [];
      const others = isCustodian(sharing, keeper) ? untoldOrders(history.entries, [...witnessed]) : [];
      const orders = new Set([...history.untold, ...others].map((order) => order.toLowerCase() as Hex));
      const about = { datasetTitle: sharing.title, keeper: nameOf(sharing, keeper) };
      return [...orders].map((order) => ({ ...about, order, at: seen.get(order)! }));
    })
    .sort((a, b) => b.at - a.at);
}

/** How each keeper's list stands: whether it answered, whether its log is the one on chain, what is proven or left out. */
export function keeperLists(
  sharing: Sharing,
  told: readonly Told[],
  untold: readonly UntoldUse[],
): KeeperList[] {
  return told.map(({ keeper, history }) => {
    const name = nameOf(sharing, keeper);
    const about = { keeper: name, dataset: sharing.dataset, datasetTitle: sharing.title };
    if (!history) return { ...about, lines: 0, state: "away" };
    const { entries, log } = history;
    const kept = untold.some((use) => use.keeper === name);
    const worst = entries.reduce<ProofState>((state, entry) => worse(state, entry.state), "proven");
    const state = log !== "sound" ? log : kept || worst === "missing" ? "incomplete" : worst;
    return { ...about, lines: new Set(entries.map(({ order }) => order)).size, state };
  });
}

function nameOf(sharing: Sharing, keeper: Keeper): string {
  return isCustodian(sharing, keeper) ? sharing.custodian : institutionOf(keeper.name);
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
