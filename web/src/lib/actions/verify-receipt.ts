import { OrderKind } from "@salus/sdk/generated/constants";
import { findOrder } from "@salus/sdk/orders/find-order";
import { verifyReceipt as verify } from "@salus/sdk/orders/verify-receipt";
import { readerOf } from "#lib/chain/connect.ts";
import type { PublicConfig } from "#lib/config.ts";
import type { Hex, ReceiptCheck } from "#lib/data/types.ts";
import { cohortFiles } from "#lib/gateways/cohort-files.ts";
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
