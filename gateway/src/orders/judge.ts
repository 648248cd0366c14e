import { type Address, type Hex, zeroAddress } from "viem";
import { type Cohort, computeCohort, exclusionReasons } from "@salus/sdk/cohort/compute-cohort";
import type { ConsentSlot } from "@salus/sdk/consent/types";
import type { LogPosition, RefusedRecord } from "@salus/sdk/gateway/types";
import type { SignedPromise } from "@salus/sdk/log/promise";
import { OrderKind } from "@salus/sdk/generated/constants";
import { modeOf } from "@salus/sdk/orders/mode-of";
import type { ManifestEntry } from "@salus/sdk/records/manifest";
import type { Order } from "@salus/sdk/types";
import { slotsAt } from "../chain/reads.ts";
import type { Snapshot } from "../chain/view.ts";
import type { ExcludedRow } from "../database/schema.ts";
import type { Context } from "../context.ts";
import { GatewayError, isGatewayError } from "../errors/gateway-error.ts";
import { type Appended, appendDecisions, type DecisionEntry } from "../log/append-decisions.ts";
import { promiseFor } from "../log/promise.ts";
import { readPosition } from "../log/read-position.ts";
import { decide } from "../policy/decide.ts";
import type { Action, Facts, RequestFacts } from "../policy/facts.ts";
import { type Reason, REASONS, type Refusal } from "../policy/reasons.ts";
import type { HeldShare } from "../storage/shares.ts";
import type { HeldVersion } from "../storage/versions.ts";
import { type Basis, lookOnce } from "../consents/last-look.ts";
import { type LocalWord, sharedLocalWord } from "../consents/local-word.ts";
import { gatherOrderFacts } from "./order-facts.ts";

/** What is to be judged. */
export type Ask = {
  action: Action;
  /** the id that was asked for; the fixed part must give it */
  id: Hex;
  order: Order;
  /** what is known of the request; it may be found out while the chain is read */
  request?: RequestFacts | Promise<RequestFacts>;
  /** whether job and salt are what the order commits to */
  jobMatches?: boolean;
  /** judge these records only; by default all of the version */
  recordIds?: readonly Hex[];
  /** records outside these are refused */
  bounds?: ReadonlySet<string>;
  /** the gateway's own key shares are asked for */
  sharesNeeded?: boolean;
  /** leave the records for later: the order as a whole only */
  orderOnly?: boolean;
};

/** The answer, which is in the log by the time it is given. */
export type Judgement = {
  /** the order that was judged */
  id: Hex;
  /** on the order as a whole */
  reason: Reason;
  snapshot?: Snapshot;
  version?: HeldVersion;
  permitted: ManifestEntry[];
  refused: RefusedRecord[];
  /** of the whole version; absent when single records were asked for */
  cohort?: Cohort;
  /** evidence for the cohort's excluded subjects */
  excluded: ExcludedRow[];
  /** this gateway's key shares of the asked records, when they were asked for */
  shares?: ReadonlyMap<Hex, HeldShare>;
  /** what the decisions on records rest on, for the last look before something leaves */
  basis?: Basis;
  log: LogPosition;
  /** place of the first of its decisions in the log */
  first: number;
};

/**
 * Gathers the facts, decides by the policy, and logs every decision before it answers. Used for job starts, key releases,
 * cosigning and receipts alike. It never throws a refusal; `assertPermitted` does.
 *
 * @throws GATEWAY_CHAIN_UNAVAILABLE and what stores throw: then nothing was permitted
 */
export async function judge(context: Context, ask: Ask): Promise<Judgement> {
  try {
    return await judgeByChain(context, ask);
  } catch (error) {
    // Endpoints that disagree are a decision, logged like any other; an absent chain is not.
    if (isGatewayError(error, "GATEWAY_RPC_DISAGREEMENT")) return refuse(context, ask, error.code as Refusal);
    throw error;
  }
}

async function judgeByChain(context: Context, ask: Ask): Promise<Judgement> {
  const { facts, snapshot, version } = await gatherOrderFacts(context, ask);
  const reason = decide(facts);
  if (reason !== "PERMITTED") return refuse(context, ask, reason, snapshot);
  if (ask.orderOnly || ask.order.kind === OrderKind.ModelUse || !version) {
    const logged = await logDecisions(context, ask, [entryOf(context, ask, null, reason)]);
    return {
      id: ask.id,
      reason,
      snapshot,
      ...(version ? { version } : {}),
      permitted: [],
      refused: [],
      excluded: [],
      ...logged,
    };
  }
  return judgeRecords(context, ask, facts, snapshot, version);
}

/**
 * The last look before key shares leave: records whose subjects stopped since the decision are refused after all, in the
 * log as well.
 */
export async function confirm(context: Context, ask: Ask, judgement: Judgement): Promise<Judgement> {
  const { permitted, refused, basis } = judgement;
  if (!basis || permitted.length === 0) return judgement;
  const subjects = permitted.map(({ leaf }) => leaf.subject);
  const stopped = new Set(await lookOnce(context, basis, subjects));
  if (stopped.size === 0) return judgement;
  const reason = "GATEWAY_CONSENT_REVOKED";
  const [late, kept] = partition(permitted, ({ leaf }) => stopped.has(leaf.subject.toLowerCase()));
  const entries = late.map(({ leaf }) => entryOf(context, ask, leaf.subject, reason));
  const { log } = await logDecisions(context, ask, entries);
  const added = late.map(({ leaf }) => refusedRecord(leaf.recordId, reason));
  return { ...judgement, permitted: kept, refused: [...refused, ...added], log };
}

function partition<T>(all: readonly T[], holds: (each: T) => boolean): [T[], T[]] {
  return [all.filter(holds), all.filter((each) => !holds(each))];
}

/** @throws the refusal of the order as a whole, if it was refused, with the promise that it is in the log */
export async function assertPermitted(context: Context, judgement: Judgement): Promise<void> {
  const { id, reason } = judgement;
  if (reason === "PERMITTED") return;
  throw refusalOf(reason, await promiseFor(context, id, judgement));
}

/** The same for what waits for a final delivery: until there is one, that is what is told. */
export async function assertDelivered(context: Context, judgement: Judgement): Promise<void> {
  const { id, reason } = judgement;
  if (reason === "GATEWAY_ORDER_STATE" || reason === "GATEWAY_ORDER_NOT_FUNDED") {
    throw new GatewayError("GATEWAY_NOT_FINAL", "The order has no final delivery yet, or was refunded.", {
      promise: await promiseFor(context, id, judgement),
    });
  }
  await assertPermitted(context, judgement);
}

/** A refusal as an error. */
export function refusalOf(reason: Refusal, promise?: SignedPromise): GatewayError {
  return new GatewayError(reason, REASONS[reason].message, promise ? { promise } : {});
}

async function refuse(context: Context, ask: Ask, reason: Refusal, snapshot?: Snapshot): Promise<Judgement> {
  const logged = await logDecisions(context, ask, [entryOf(context, ask, null, reason)]);
  const nothing = { permitted: [], refused: [], excluded: [] };
  return { id: ask.id, reason, ...(snapshot ? { snapshot } : {}), ...nothing, ...logged };
}

type Slots = ReadonlyMap<string, ConsentSlot>;

async function judgeRecords(
  context: Context,
  ask: Ask,
  facts: Facts,
  snapshot: Snapshot,
  version: HeldVersion,
): Promise<Judgement> {
  const { order } = ask;
  const asked = selectEntries(version, ask.recordIds);
  const subjects = asked.known.map(({ leaf }) => leaf.subject);
  const [atGrant, atHead, local, held] = await Promise.all([
    slotsAt(context.chain, order.asset, subjects, snapshot.finalized.hash),
    slotsAt(context.chain, order.asset, subjects, snapshot.head.hash),
    sharedLocalWord(context.db, order.asset),
    ask.sharesNeeded ? heldShares(context, order, asked.known) : undefined,
  ]);
  const permitted: ManifestEntry[] = [];
  const refused: RefusedRecord[] = asked.unknown.map((id) => refusedRecord(id, "GATEWAY_RECORD_UNKNOWN"));
  const entries: DecisionEntry[] = [];
  for (const entry of asked.known) {
    const subject = entry.leaf.subject.toLowerCase();
    const reason = decide({
      ...facts,
      subject: {
        leaf: version.leaves.get(subject),
        slotAtGrant: atGrant.get(subject)!,
        slotAtHead: atHead.get(subject)!,
        revokedUpTo: local.revoked.get(subject)?.revocation.maxNonce,
        vetoed: local.vetoed.has(subject),
        erased: local.erased.has(subject),
        shareHeld: held?.has(entry.leaf.recordId) ?? true,
        withinBounds: ask.bounds?.has(entry.leaf.recordId) ?? true,
      },
    });
    entries.push(entryOf(context, ask, entry.leaf.subject, reason));
    if (reason === "PERMITTED") permitted.push(entry);
    else refused.push(refusedRecord(entry.leaf.recordId, reason));
  }
  const logged = await logDecisions(context, ask, entries);
  const basis = basisOf(order.asset, local, snapshot);
  const about = { id: ask.id, reason: "PERMITTED", snapshot, version, basis } as const;
  const base = { ...about, permitted, refused, ...(held ? { shares: held } : {}), ...logged };
  if (ask.recordIds) return { ...base, excluded: [] };
  const found = cohortOf({
    order,
    version,
    datasetModes: facts.asset.modes,
    atGrant,
    atHead,
    local,
    snapshot,
  });
  assertSame(ask, permitted, found.cohort);
  return { ...base, ...found };
}

/** Policy and cohort are two computations of one rule; should they ever differ, nothing goes out. */
function assertSame(ask: Ask, permitted: readonly ManifestEntry[], cohort: Cohort): void {
  if (ask.bounds || ask.sharesNeeded) return;
  const ids = new Set(cohort.records.map(({ recordId }) => recordId));
  if (ids.size === permitted.length && permitted.every(({ leaf }) => ids.has(leaf.recordId))) return;
  throw new GatewayError("GATEWAY_INTERNAL", `Policy and cohort differ for order ${ask.id}.`);
}

function basisOf(dataset: bigint, local: LocalWord, snapshot: Snapshot): Basis {
  const revoked = [...local.revoked].map(
    ([subject, { revocation }]) => [subject, revocation.maxNonce] as const,
  );
  return {
    dataset,
    revoked: new Map(revoked),
    vetoed: new Set(local.vetoed.keys()),
    erased: new Set(local.erased.keys()),
    head: snapshot.head,
  };
}

function selectEntries(version: HeldVersion, recordIds: readonly Hex[] | undefined) {
  if (!recordIds) return { known: version.manifest.entries, unknown: [] as Hex[] };
  const known: ManifestEntry[] = [];
  const unknown: Hex[] = [];
  for (const id of new Set(recordIds.map((each) => each.toLowerCase() as Hex))) {
    const entry = version.entries.get(id);
    if (entry) known.push(entry);
    else unknown.push(id);
  }
  return { known, unknown };
}

async function heldShares(
  context: Context,
  order: Order,
  entries: readonly ManifestEntry[],
): Promise<Map<Hex, HeldShare>> {
  const held = new Map<Hex, HeldShare>();
  for (const [originVersion, ids] of groupByOrigin(entries)) {
    const found = await context.shares.find({ asset: order.asset, originVersion }, ids);
    for (const [id, share] of found) held.set(id, share);
  }
  return held;
}

/** Record ids by the version in which each was first listed, under which its key share is stored. */
export function groupByOrigin(entries: readonly ManifestEntry[]): Map<number, Hex[]> {
  const groups = new Map<number, Hex[]>();
  for (const { leaf } of entries) {
    const ids = groups.get(leaf.originVersion);
    if (ids) ids.push(leaf.recordId);
    else groups.set(leaf.originVersion, [leaf.recordId]);
  }
  return groups;
}

type CohortParts = {
  order: Order;
  version: HeldVersion;
  datasetModes: number;
  atGrant: Slots;
  atHead: Slots;
  local: LocalWord;
  snapshot: Snapshot;
};

/** The cohort that a receipt at this snapshot names, and why it leaves out whom. */
function cohortOf({ order, version, datasetModes, atGrant, atHead, local, snapshot }: CohortParts) {
  const left = new Map<string, ExcludedRow>();
  for (const [subject, erasure] of local.erased) {
    left.set(subject, row(subject, exclusionReasons.erased, { erasure }));
  }
  for (const [subject, veto] of local.vetoed) {
    if (subject !== zeroAddress) left.set(subject, row(subject, exclusionReasons.veto, { veto }));
  }
  for (const [subject, revocation] of local.revoked) {
    // What the chain's nonce has passed is the chain's word already.
    if (revocation.revocation.maxNonce < (atHead.get(subject)?.nonce ?? 0)) continue;
    left.set(subject, row(subject, exclusionReasons.revocationReceived, { revocation }));
  }
  const cohort = computeCohort({
    records: version.manifest.entries.map(({ leaf }) => leaf),
    consents: version.consents,
    slotsAtGrant: atGrant,
    slotsAtConsent: atHead,
    uses: order.uses,
    mode: modeOf(order.kind),
    datasetModes,
    time: snapshot.head.time,
    excluded: new Map([...left].map(([subject, { reason }]) => [subject, reason])),
  });
  const excluded = cohort.excluded.map(({ subject }) => left.get(subject.toLowerCase())!);
  return { cohort, excluded };
}

function row(subject: string, reason: number, evidence: ExcludedRow["evidence"]): ExcludedRow {
  return { subject: subject as Address, reason, evidence };
}

/** A record with the reason of its refusal, as it is told. */
export function refusedRecord(recordId: Hex, code: Refusal): RefusedRecord {
  return { recordId, code, message: REASONS[code].message };
}

function entryOf(context: Context, ask: Ask, subject: Address | null, reason: Reason): DecisionEntry {
  const { action, id, order } = ask;
  return {
    at: context.now(),
    action,
    orderId: id,
    dataset: order.asset,
    subject: subject ? (subject.toLowerCase() as Address) : null,
    kind: order.kind,
    uses: order.uses,
    reason,
  };
}

async function logDecisions(
  context: Context,
  ask: Ask,
  entries: readonly DecisionEntry[],
): Promise<Appended> {
  count(context, ask.action, entries);
  if (entries.length === 0) return nothingNew(await readPosition(context.db, context.index));
  return appendDecisions(context.db, context.index, entries);
}

function count({ metrics }: Context, action: Action, entries: readonly DecisionEntry[]): void {
  const times = new Map<Reason, number>();
  for (const { reason } of entries) times.set(reason, (times.get(reason) ?? 0) + 1);
  for (const [reason, how] of times) metrics.decisions.inc({ action, reason }, how);
}

/** The log as it stands, for an answer that brought no decision. */
export function nothingNew(log: LogPosition): Appended {
  return { log, first: log.size };
}
