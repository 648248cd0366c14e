import type { Hex } from "viem";
import { type Cohort, computeCohort } from "@salus/sdk/cohort/compute-cohort";
import { readConsentHistory, slotsAt } from "@salus/sdk/consent/read-history";
import { modeOf } from "@salus/sdk/orders/mode-of";
import type { Order, Receipt } from "@salus/sdk/types";
import { custodyOf } from "../chain/reads.ts";
import { blockAt, type Block, type ChainView } from "../chain/view.ts";
import type { HeldVersion } from "../storage/versions.ts";

/** Blocks that a receipt names, as this gateway sees them. */
export type ReceiptBlocks = { grant: Block; consent: Block };

/** Reads a receipt's two blocks. @throws viem's error for a block that is not on this chain */
export async function readReceiptBlocks(chain: ChainView, receipt: Receipt): Promise<ReceiptBlocks> {
  const [grant, consent] = await Promise.all([
    chain.read((reader) => blockAt(reader, { blockNumber: BigInt(receipt.grantBlock) })),
    chain.read((reader) => blockAt(reader, { blockNumber: BigInt(receipt.consentBlock) })),
  ]);
  return { grant, consent };
}

/**
 * The cohort of an order at a receipt's blocks, from the registry's events alone: they answer for blocks of any age.
 *
 * @param excluded reasons by lower-case subject, as in the receipt's exclusion file
 */
export async function cohortAt(
  chain: ChainView,
  parameters: {
    order: Order;
    version: HeldVersion;
    blocks: ReceiptBlocks;
    excluded: ReadonlyMap<string, number>;
  },
): Promise<Cohort> {
  const { order, version, blocks, excluded } = parameters;
  const query = { dataset: order.asset, toBlock: blocks.consent.number };
  const [history, { modes: datasetModes }] = await Promise.all([
    chain.read((reader) => readConsentHistory(reader, query)),
    custodyOf(chain, order.asset),
  ]);
  return computeCohort({
    records: version.manifest.entries.map(({ leaf }) => leaf),
    consents: version.consents,
    slotsAtGrant: slotsAt(history, blocks.grant.number),
    slotsAtConsent: slotsAt(history, blocks.consent.number),
    uses: order.uses,
    mode: modeOf(order.kind),
    datasetModes,
    time: blocks.consent.time,
    excluded,
  });
}

/** Whether a cohort gives the roots and sums that a receipt states. */
export function isCohortOf(receipt: Receipt, cohort: Cohort): boolean {
  return (
    same(cohort.inputRoot, receipt.inputRoot) &&
    same(cohort.contributorsRoot, receipt.contributorsRoot) &&
    same(cohort.excludedRoot, receipt.excludedRoot) &&
    cohort.totalWeight === receipt.totalWeight &&
    cohort.records.length === receipt.cohort
  );
}

function same(a: Hex, b: Hex): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
