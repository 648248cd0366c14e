import type { Hex } from "viem";
import { lowerHex } from "../crypto/bytes.ts";
import { commitToShare } from "../crypto/commitments.ts";
import { unknownGateway } from "../crypto/seal-shares.ts";
import type { RecordShare } from "../crypto/share-batch.ts";
import { SalusError, type SdkErrorCode } from "../errors.ts";
import type { ConsentLeaf, RecordLeaf } from "../trees/leaves.ts";
import type { Manifest } from "./manifest.ts";

/**
 * Checks that a version has one record for each subject and one consent leaf for each record, and no other.
 *
 * @throws SDK_DUPLICATE_SUBJECT, SDK_CONSENT_MISSING, SDK_CONSENT_WITHOUT_RECORD, each naming the subject
 */
export function assertOneConsentPerRecord(
  records: Iterable<Pick<RecordLeaf, "subject">>,
  consents: Iterable<Pick<ConsentLeaf, "subject">>,
): void {
  const withRecord = new Set<Hex>();
  for (const { subject } of records) {
    const key = lowerHex(subject);
    if (withRecord.has(key))
      throw subjectError("SDK_DUPLICATE_SUBJECT", key, "has two records in this version");
    withRecord.add(key);
  }
  const withConsent = new Set(Array.from(consents, ({ subject }) => lowerHex(subject)));
  for (const subject of withRecord) {
    if (!withConsent.has(subject))
      throw subjectError("SDK_CONSENT_MISSING", subject, "has a record but no consent leaf");
  }
  for (const subject of withConsent) {
    if (withRecord.has(subject)) continue;
    throw subjectError("SDK_CONSENT_WITHOUT_RECORD", subject, "has a consent leaf but no record");
  }
}

/** Record ids whose shares are not as committed, and of records first listed in this version whose shares are missing. */
export type ShareReport = { wrong: Hex[]; missing: Hex[] };

/**
 * What a gateway checks when it receives the key shares of a version, before it accepts the listing: each share is the one
 * that the manifest commits to for this gateway, and none of the version's new records lacks one.
 *
 * @throws SDK_UNKNOWN_GATEWAY when the gateway is not in the manifest's set
 */
export function checkShares(
  manifest: Manifest,
  gateway: number,
  shares: readonly RecordShare[],
): ShareReport {
  const place = manifest.gateways.indexOf(gateway);
  if (place < 0) throw unknownGateway(gateway);
  const received = new Map(shares.map((share) => [lowerHex(share.recordId), share]));
  const report: ShareReport = { wrong: [], missing: [] };
  for (const { leaf, commitments } of manifest.entries) {
    const id = lowerHex(leaf.recordId);
    const share = received.get(id);
    received.delete(id);
    if (!share) {
      if (leaf.originVersion === manifest.version) report.missing.push(id);
    } else if (commitToShare({ ...manifest, ...leaf }, gateway, share) !== lowerHex(commitments[place]!)) {
      report.wrong.push(id);
    }
  }
  report.wrong.push(...received.keys());
  return report;
}

function subjectError(code: SdkErrorCode, subject: Hex, what: string): SalusError {
  return new SalusError({ code, message: `Subject ${subject} ${what}.`, details: { subject } });
}
