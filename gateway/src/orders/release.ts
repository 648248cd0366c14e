import type { Hex } from "viem";
import { encodeShareBatch } from "@salus/sdk/crypto/share-batch";
import { sealToRecipient } from "@salus/sdk/crypto/seal-to-recipient";
import type { RecordShare } from "@salus/sdk/crypto/share-batch";
import { toBase64 } from "@salus/sdk/gateway/base64";
import type { ReleaseResponse } from "@salus/sdk/gateway/types";
import type { ManifestEntry } from "@salus/sdk/records/manifest";
import type { Context } from "../context.ts";
import { promiseFor } from "../log/promise.ts";
import { groupByOrigin, type Judgement } from "./judge.ts";

/** Reads this gateway's key shares of permitted, confirmed records and seals them to one recipient, bound to the order. */
export async function sealRelease(
  context: Context,
  about: { id: Hex; asset: bigint; recipientKey: Hex; judgement: Judgement },
): Promise<ReleaseResponse> {
  const { id, asset, recipientKey, judgement } = about;
  const shares = await readShares(context, asset, judgement.permitted);
  const batch = encodeShareBatch(shares);
  const { chainId, contracts } = context.deployment;
  const sealed = await sealToRecipient({
    recipientPublicKey: recipientKey,
    context: { chainId, escrow: contracts.AccessEscrow, orderId: id, purpose: "key-release" },
    plaintext: batch,
  });
  batch.fill(0);
  for (const { share } of shares) share.fill(0);
  return {
    gateway: context.index,
    sealed: toBase64(sealed),
    released: shares.length,
    refused: judgement.refused,
    log: judgement.log,
    promise: await promiseFor(context, id, judgement),
  };
}

async function readShares(
  context: Context,
  asset: bigint,
  entries: readonly ManifestEntry[],
): Promise<RecordShare[]> {
  const shares: RecordShare[] = [];
  for (const [originVersion, ids] of groupByOrigin(entries)) {
    shares.push(...(await context.shares.get({ asset, originVersion }, ids)).values());
  }
  return shares;
}
