import type { Hex } from "viem";
import { encodeShareBatch } from "@salus/sdk/crypto/share-batch";
import type { RecordShare } from "@salus/sdk/crypto/share-batch";
import { toBase64 } from "@salus/sdk/gateway/base64";
import type { ReleaseResponse } from "@salus/sdk/gateway/types";
import type { Context } from "../context.ts";
import { promiseFor } from "../log/promise.ts";
import { sealToRecipient } from "../threads/cryptography.ts";
import type { Judgement } from "./judge.ts";

/** Seals this gateway's key shares of permitted, confirmed records to one recipient, bound to the order. */
export async function sealRelease(
  context: Context,
  about: { id: Hex; recipientKey: Hex; judgement: Judgement },
): Promise<ReleaseResponse> {
  const { id, recipientKey, judgement } = about;
  const shares = openShares(judgement);
  const batch = encodeShareBatch(shares);
  const { chainId, contracts } = context.deployment;
  const sealing = sealToRecipient({
    recipientPublicKey: recipientKey,
    context: { chainId, escrow: contracts.AccessEscrow, orderId: id, purpose: "key-release" },
    plaintext: batch,
  });
  // Another thread seals, and wipes what it was given, while this one signs.
  const [sealed, promise] = await Promise.all([sealing, promiseFor(context, id, judgement)]);
  for (const { share } of shares) share.fill(0);
  return {
    gateway: context.index,
    sealed: toBase64(sealed),
    released: shares.length,
    refused: judgement.refused,
    log: judgement.log,
    promise,
  };
}

/** Key shares of the records that stayed permitted, as they were found when the decision was made. */
function openShares({ permitted, shares }: Judgement): RecordShare[] {
  return permitted.map(({ leaf }) => shares!.get(leaf.recordId)!.open());
}
