import type { PublicConfig } from "#lib/config.ts";
import type { Hex, ReceiptCheck } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";

/** Checks a receipt against the chain, in the reader's own browser: signatures, threshold, order binding, hash. */
export async function verifyReceipt(_config: PublicConfig, _order: Hex): Promise<ReceiptCheck[]> {
  throw new WebError("WEB_NOT_CONNECTED");
}
