import { readAsset } from "../assets/read-asset.ts";
import type { SalusReader } from "../chain/client.ts";
import { readConsentHistory, slotsAt } from "../consent/read-history.ts";
import { modeOf } from "../orders/mode-of.ts";
import type { ConsentLeaf, ExcludedLeaf, RecordLeaf } from "../trees/leaves.ts";
import type { Order, Receipt } from "../types.ts";
import { computeCohort, type Cohort } from "./compute-cohort.ts";

/** Public files of the version that an order names: with them the cohort is recomputed. */
export type CohortFiles = {
  records: readonly RecordLeaf[];
  consents: readonly ConsentLeaf[];
  excluded: readonly ExcludedLeaf[];
};

/**
 * The cohort behind a receipt, from the chain and public files alone.
 * @throws SDK_CONSENT_MISSING when a record has no consent leaf; SDK_ASSET_UNKNOWN
 */
export async function recomputeCohort(
  salus: SalusReader,
  order: Order,
  receipt: Receipt,
  files: CohortFiles,
): Promise<Cohort> {
  const query = { dataset: order.asset, toBlock: BigInt(receipt.consentBlock) };
  const history = await readConsentHistory(salus, query);
  const { timestamp } = await salus.publicClient.getBlock({ blockNumber: BigInt(receipt.consentBlock) });
  const { cfg } = await readAsset(salus, order.asset);
  return computeCohort({
    ...files,
    slotsAtGrant: slotsAt(history, BigInt(receipt.grantBlock)),
    slotsAtConsent: slotsAt(history, BigInt(receipt.consentBlock)),
    uses: order.uses,
    mode: modeOf(order.kind),
    datasetModes: cfg.modes,
    time: Number(timestamp),
    excluded: new Map(files.excluded.map(({ subject, reason }) => [subject.toLowerCase(), reason])),
  });
}
