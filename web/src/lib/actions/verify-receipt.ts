import type { SalusReader } from "@salus/sdk/chain/client";
import { getExclusions } from "@salus/sdk/gateway/get-exclusions";
import { readGateways } from "@salus/sdk/gateways/read-gateways";
import { OrderKind } from "@salus/sdk/generated/constants";
import { findOrder } from "@salus/sdk/orders/find-order";
import type { CohortFiles } from "@salus/sdk/cohort/recompute-cohort";
import { verifyReceipt as verify } from "@salus/sdk/orders/verify-receipt";
import type { Order } from "@salus/sdk/types";
import { readerOf } from "#lib/chain/connect.ts";
import type { PublicConfig } from "#lib/config.ts";
import type { Hex, ReceiptCheck } from "#lib/data/types.ts";
import { gatewayAddress } from "#lib/gateways/reach.ts";
import { readVersionFiles } from "#lib/gateways/version-files.ts";
import { checkInWords } from "#lib/receipts/check-words.ts";

/**
 * Checks a receipt against the chain, in the reader's own browser: delivery, hash, signatures, threshold, order binding,
 * consent block, privacy cost and, from the version's public files, the cohort itself.
 */
export async function verifyReceipt(config: PublicConfig, id: Hex): Promise<ReceiptCheck[]> {
  const salus = readerOf(config);
  const { order } = await findOrder(salus, id);
  const files = order.kind === OrderKind.ModelUse ? undefined : await cohortFiles(salus, config, id, order);
  const { checks } = await verify(salus, id, files);
  return checks.map(checkInWords);
}

/** The custodian is asked first: only it keeps the file of subjects left out beyond what the chain says. */
async function cohortFiles(
  salus: SalusReader,
  config: PublicConfig,
  id: Hex,
  { asset, version, custodian }: Order,
): Promise<CohortFiles> {
  const executor = (await readGateways(salus)).find(({ index }) => index === custodian)?.name;
  const names = [...new Set([...(executor ? [executor] : []), ...config.gateways])];
  const { manifest, consents } = await readVersionFiles(salus, names, { asset, number: version });
  const { excluded } = executor ? await getExclusions(gatewayAddress(executor), id) : { excluded: [] };
  return { records: manifest.entries.map(({ leaf }) => leaf), consents: consents.leaves, excluded };
}
