import type { Address, Hex } from "viem";
import { cidFromDigest } from "../cid.ts";
import type { RecipientKey } from "../crypto/index.ts";
import type { Manifest, ManifestEntry } from "../records/manifest.ts";
import { openLargeRecord, openRecord, type ReleasedShare } from "../records/open-record.ts";
import type { Order } from "../types.ts";
import { getBlob } from "./get-blob.ts";
import { getBlobStream } from "./get-blob-stream.ts";
import { GatewayRequestError } from "./http.ts";
import { releaseShares, type ReleasedShares } from "./release-shares.ts";
import type { GatewayTarget, RequestSigner } from "./requests.ts";
import type { RefusedRecord } from "./types.ts";

/** What a download gives: records in the clear, those that gateways refused and why, and who could not be reached or lied. */
export type DownloadedRecords = {
  records: { recordId: Hex; subject: Address; plaintext: Uint8Array }[];
  refused: RefusedRecord[];
  /** gateways that gave no answer */
  silent: { gateway: number; code: string; message: string }[];
  /** gateways that sent a wrong key share; the records opened without it */
  wrongShares: number[];
};

/** A large record of a download. Act on its pieces only when the last has come without an error: see `openLargeRecord`. */
export type LargeDownload = {
  recordId: Hex;
  subject: Address;
  plaintext: AsyncIterable<Uint8Array>;
};

/** Ciphertexts above this are large. */
const LARGE = 24n * 1024n * 1024n;

/**
 * Fetches a delivered download whole: the key shares of every gateway, the ciphertexts from the custodian, and opens each
 * record of which at least t gateways gave their share.
 *
 * @param gateways the dataset's gateway set; each is asked, so that as many as possible state the same release
 * @param manifest of the order's version, its root checked against the chain
 * @throws SDK_WRONG_SHARE, SDK_CIPHERTEXT_TAMPERED and the other errors of `openRecord`
 */
export async function downloadRecords(parameters: {
  id: Hex;
  order: Order;
  gateways: readonly GatewayTarget[];
  manifest: Manifest;
  signer: RequestSigner;
  recipientKey: RecipientKey;
  escrow: Address;
  /** takes records above 24 MiB piece by piece, in constant memory; they are not in the answer then */
  takeLarge?: (record: LargeDownload) => Promise<void>;
}): Promise<DownloadedRecords> {
  const { gateways, manifest, order } = parameters;
  const { answers, silent } = await askAll(parameters);
  const custodian = gateways.find(({ index }) => index === order.custodian) ?? gateways[0]!;
  const shares = byRecord(answers);
  const wrong = new Set<number>();
  const records: DownloadedRecords["records"] = [];
  const taken = new Set<Hex>();
  for (const entry of manifest.entries) {
    const released = shares.get(entry.leaf.recordId) ?? [];
    if (released.length < manifest.threshold) continue;
    if (parameters.takeLarge && entry.leaf.size > LARGE) {
      for (const gateway of await take(manifest, entry, custodian, released, parameters.takeLarge))
        wrong.add(gateway);
      taken.add(entry.leaf.recordId);
      continue;
    }
    const { plaintext, wrongShares } = await open(manifest, entry, custodian, released);
    for (const gateway of wrongShares) wrong.add(gateway);
    records.push({ recordId: entry.leaf.recordId, subject: entry.leaf.subject, plaintext });
  }
  const opened = new Set([...taken, ...records.map(({ recordId }) => recordId)]);
  const refused = new Map(answers.flatMap((answer) => answer.refused).map((each) => [each.recordId, each]));
  return {
    records,
    refused: [...refused.values()].filter(({ recordId }) => !opened.has(recordId)),
    silent,
    wrongShares: [...wrong],
  };
}

/** One gateway after the other: each judges the consents of that very moment. */
async function askAll(parameters: Parameters<typeof downloadRecords>[0]) {
  const answers: ReleasedShares[] = [];
  const silent: DownloadedRecords["silent"] = [];
  for (const gateway of parameters.gateways) {
    try {
      answers.push(await releaseShares(gateway, parameters));
    } catch (error) {
      if (!(error instanceof GatewayRequestError)) throw error;
      silent.push({ gateway: gateway.index, code: error.code, message: error.message });
    }
  }
  return { answers, silent };
}

function byRecord(answers: readonly ReleasedShares[]): Map<Hex, ReleasedShare[]> {
  const shares = new Map<Hex, ReleasedShare[]>();
  for (const { gateway, shares: all } of answers) {
    for (const { recordId, share, salt } of all) {
      const list = shares.get(recordId) ?? [];
      list.push({ gateway, share, salt });
      shares.set(recordId, list);
    }
  }
  return shares;
}

async function open(
  manifest: Manifest,
  entry: ManifestEntry,
  custodian: GatewayTarget,
  shares: readonly ReleasedShare[],
) {
  const envelope = await getBlob(custodian, cidFromDigest(entry.leaf.content));
  return openRecord({ context: manifest, entry, envelope, shares, servedBy: custodian.url });
}

async function take(
  manifest: Manifest,
  entry: ManifestEntry,
  custodian: GatewayTarget,
  shares: readonly ReleasedShare[],
  takeLarge: (record: LargeDownload) => Promise<void>,
): Promise<number[]> {
  const { recordId, subject, content, size } = entry.leaf;
  const envelope = getBlobStream(custodian, { cid: cidFromDigest(content), size: Number(size) });
  const opened = await openLargeRecord({
    context: manifest,
    entry,
    envelope,
    shares,
    servedBy: custodian.url,
  });
  await takeLarge({ recordId, subject, plaintext: opened.plaintext });
  return opened.wrongShares;
}
