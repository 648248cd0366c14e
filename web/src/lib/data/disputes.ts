import {
  DisputeDocument,
  DisputesDocument,
  PanelsDocument,
  type DisputeQuery,
  type DisputesQuery,
} from "@salus/sdk/generated/queries";
import { currencyOf, type PublicConfig } from "#lib/config.ts";
import { ask, type GraphClient } from "#lib/graph/client.ts";
import type { Currency } from "#lib/money.ts";
import { titleOf } from "./asset-words.ts";
import type { Hex } from "./types.ts";

type Config = Pick<PublicConfig, "currencies">;
type DisputePart = DisputesQuery["disputes"][number];
type FullDispute = NonNullable<DisputeQuery["dispute"]>;

export type DisputeStateName = NonNullable<DisputePart["state"]>;
export type DisputePartyName = NonNullable<DisputePart["party"]>;
export type RulingName = NonNullable<DisputePart["ruling"]>;

/** A dispute as lists show it. Times in seconds. */
export interface DisputeSummary {
  /** The order's. */
  id: Hex;
  assetTitle: string;
  state: DisputeStateName;
  party: DisputePartyName;
  opener: Hex;
  buyer: Hex;
  openedAt: number;
  evidenceUntil: number;
  rulingUntil: number;
  endedAt: number | null;
  ruling: RulingName | null;
  lied: boolean;
  /** What the buyer paid. */
  amount: bigint;
  bond: bigint;
  currency: Currency;
  /** Who may vote. */
  seats: readonly Hex[];
}

/** A dispute with everything its page shows. */
export interface DisputeDetail extends DisputeSummary {
  documents: readonly { id: string; by: Hex; digest: Hex; at: number; contributor: boolean }[];
  votes: readonly {
    id: string;
    member: Hex;
    ruling: RulingName;
    lied: boolean;
    reason: string;
    at: number;
  }[];
  recusals: readonly { id: string; member: Hex; reason: string; at: number }[];
  losses: readonly { id: string; member: Hex; amount: bigint }[];
  members: readonly { account: Hex; stake: bigint }[];
  /** What became of the bond, once it ended. */
  bondParts: { returned: bigint; memberFee: bigint; forfeited: bigint } | null;
  /** What the executor's gateway paid for a lie; null while it did not. */
  penalty: bigint | null;
  refunded: boolean;
}

/** A panel of arbitrators. */
export interface PanelView {
  id: Hex;
  state: "Elected" | "Appointed" | "Retired";
  stake: bigint;
  termEnds: number;
  members: readonly { account: Hex; stake: bigint }[];
}

/** Disputes, newest first. */
export async function readDisputes(graph: GraphClient, config: Config): Promise<DisputeSummary[]> {
  const { disputes } = await ask(graph, DisputesDocument, {});
  return disputes.map((dispute) => summary(dispute, config));
}

/** One dispute; null when the index has none about this order. */
export async function readDispute(
  graph: GraphClient,
  config: Config,
  id: Hex,
): Promise<DisputeDetail | null> {
  const { dispute } = await ask(graph, DisputeDocument, { id });
  return dispute?.panel ? detail(dispute, config) : null;
}

/** Panels, newest first. */
export async function readPanels(graph: GraphClient): Promise<PanelView[]> {
  const { panels } = await ask(graph, PanelsDocument, {});
  return panels.map(({ id, state, stake, termEnds, members }) => ({
    id,
    state,
    stake: BigInt(stake),
    termEnds: Number(termEnds),
    members: members.map((member) => ({ account: member.account, stake: BigInt(member.stake) })),
  }));
}

function summary(dispute: DisputePart, config: Config): DisputeSummary {
  const { order, token } = dispute;
  const { kind, id, descriptor } = order.asset;
  return {
    id: dispute.id,
    assetTitle: titleOf(kind, id, descriptor),
    state: dispute.state ?? "Open",
    party: dispute.party ?? "Buyer",
    opener: dispute.opener ?? "0x",
    buyer: order.buyer,
    openedAt: Number(dispute.timestamp),
    evidenceUntil: Number(dispute.evidenceUntil),
    rulingUntil: Number(dispute.rulingUntil),
    endedAt: dispute.endedAt === null ? null : Number(dispute.endedAt),
    ruling: dispute.ruling,
    lied: dispute.lied,
    amount: BigInt(order.price) + BigInt(order.fee),
    bond: BigInt(dispute.bond ?? 0),
    currency: currencyOf(config, token?.id ?? order.token.id),
    seats: dispute.seats,
  };
}

function detail(dispute: FullDispute, config: Config): DisputeDetail {
  const ended = dispute.returned !== null;
  return {
    ...summary(dispute, config),
    documents: dispute.documents.map(({ id, by, subject, digest, timestamp }) => ({
      id,
      by,
      digest,
      at: Number(timestamp),
      contributor: !/^0x0{40}$/.test(subject),
    })),
    votes: dispute.votes.map(({ timestamp, ...vote }) => ({ ...vote, at: Number(timestamp) })),
    recusals: dispute.recusals.map(({ timestamp, ...recusal }) => ({ ...recusal, at: Number(timestamp) })),
    losses: dispute.losses.map(({ amount, ...loss }) => ({ ...loss, amount: BigInt(amount) })),
    members: (dispute.panel?.members ?? []).map(({ account, stake }) => ({
      account,
      stake: BigInt(stake),
    })),
    bondParts: ended
      ? {
          returned: BigInt(dispute.returned ?? 0),
          memberFee: BigInt(dispute.memberFee ?? 0),
          forfeited: BigInt(dispute.forfeited ?? 0),
        }
      : null,
    penalty: dispute.penalty === null ? null : BigInt(dispute.penalty),
    refunded: dispute.order.state === "Refunded",
  };
}
