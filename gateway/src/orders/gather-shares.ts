import type { Hex } from "viem";
import { decodeShareBatch, openSealed, verifyShare, type RecordShare } from "@salus/sdk/crypto/index";
import { isSalusError } from "@salus/sdk/errors";
import { fromBase64 } from "@salus/sdk/gateway/base64";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import type { PeerSharesRequest, PeerSharesResponse } from "@salus/sdk/gateway/types";
import type { ManifestEntry } from "@salus/sdk/records/manifest";
import type { ReleasedShare } from "@salus/sdk/records/open-record";
import { receiveRevocation } from "../consents/receive-revocation.ts";
import type { Context } from "../context.ts";
import { askPeer, peersOf } from "../peers/ask-peer.ts";
import type { HeldVersion } from "../storage/versions.ts";
import { gatewaysMissing } from "./execution-error.ts";
import { groupByOrigin } from "./judge.ts";
import { orderOf, type OrderRow } from "./order-rows.ts";

/** Key shares by record id; or news of revocations, after which the cohort must be computed anew. */
export type Gathered = { shares: ReadonlyMap<Hex, ReleasedShare[]> } | { revocationsLearnt: number };

/**
 * Gathers t key shares of each record: this gateway's own, then those of one peer after the other until there are
 * enough. A peer that is down is passed over. A share that is not as committed names its sender and is dropped.
 *
 * @throws ExecutionError (retry) when too few gateways gave shares
 */
export async function gatherShares(
  context: Context,
  row: OrderRow,
  version: HeldVersion,
  entries: readonly ManifestEntry[],
): Promise<Gathered> {
  const { manifest } = version;
  const gathered = new Map<Hex, ReleasedShare[]>(entries.map(({ leaf }) => [leaf.recordId, []]));
  const take = shareTaker(context, version, gathered);
  for (const share of await ownShares(context, row, entries)) take(context.index, share);
  const lacking = () =>
    entries.filter(({ leaf }) => gathered.get(leaf.recordId)!.length < manifest.threshold);
  let lastFault: unknown;
  for (const peer of await peersOf(context, manifest.gateways)) {
    const wanted = lacking();
    if (wanted.length === 0) break;
    try {
      const { shares, learnt } = await askForShares(context, row, peer, wanted);
      if (learnt > 0) return { revocationsLearnt: learnt };
      for (const share of shares) take(peer, share);
    } catch (error) {
      if (!(error instanceof GatewayRequestError) && !isSalusError(error) && !isAbort(error)) throw error;
      lastFault = error;
      context.logger.warn({ peer, code: (error as { code?: string }).code }, "a peer gave no key shares");
    }
  }
  const missing = lacking();
  if (missing.length === 0) return { shares: gathered };
  throw gatewaysMissing(
    `Of ${entries.length} records, ${missing.length} have fewer than ${manifest.threshold} good key shares.`,
    lastFault,
  );
}

/** Adds a share if it is as committed; reports it otherwise. */
function shareTaker(context: Context, version: HeldVersion, gathered: Map<Hex, ReleasedShare[]>) {
  const { manifest, entries } = version;
  return (gateway: number, { recordId, share, salt }: RecordShare) => {
    const list = gathered.get(recordId);
    const entry = entries.get(recordId);
    if (!list || !entry || list.some((each) => each.gateway === gateway)) return;
    const commitment = entry.commitments[manifest.gateways.indexOf(gateway)]!;
    try {
      verifyShare({ context: { ...manifest, ...entry.leaf }, gateway, share, salt, commitment });
      list.push({ gateway, share, salt });
    } catch (error) {
      if (!isSalusError(error, "SDK_WRONG_SHARE")) throw error;
      context.metrics.wrongShares.inc({ gateway: String(gateway) });
      context.logger.error({ gateway, recordId, code: error.code }, error.message);
    }
  };
}

/** This gateway's own shares of some records. */
async function ownShares(
  context: Context,
  row: OrderRow,
  entries: readonly ManifestEntry[],
): Promise<RecordShare[]> {
  const { asset } = orderOf(row);
  const own: RecordShare[] = [];
  for (const [originVersion, ids] of groupByOrigin(entries)) {
    own.push(...(await context.shares.get({ asset, originVersion }, ids)).values());
  }
  return own;
}

async function askForShares(context: Context, row: OrderRow, peer: number, wanted: readonly ManifestEntry[]) {
  const json: PeerSharesRequest = {
    order: row.fixed,
    ...(row.spec === null ? {} : { spec: row.spec }),
    ...(row.salt ? { salt: row.salt } : {}),
    recordIds: wanted.map(({ leaf }) => leaf.recordId),
  };
  const path = "/v1/peer/shares";
  const answer = await askPeer<PeerSharesResponse>(context, peer, { method: "POST", path, json });
  const learnt = await learn(context, answer);
  const about = {
    chainId: context.deployment.chainId,
    escrow: context.deployment.contracts.AccessEscrow,
    orderId: row.id,
    purpose: "key-release",
  } as const;
  const sealed = fromBase64(answer.sealed);
  const batch = await openSealed({ recipientKey: context.keys.sealing, context: about, sealed });
  return { shares: decodeShareBatch(batch), learnt };
}

/** Takes over revocations that the peer knows and this gateway does not. */
async function learn(context: Context, { evidence }: PeerSharesResponse): Promise<number> {
  let learnt = 0;
  for (const revocation of evidence)
    if (await receiveRevocation(context, revocation, { from: "gateway" })) learnt += 1;
  return learnt;
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "TimeoutError" || error.name === "AbortError");
}
