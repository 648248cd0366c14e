import { revokeAttestation } from "@salus/sdk/data-use/revoke-attestation";
import { writerOf } from "#lib/chain/connect.ts";
import type { App } from "#lib/context.ts";
import type { Hex } from "#lib/data/types.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";

/** Takes an approval back on chain, for the future. */
export async function withdrawApproval(
  app: App,
  digest: Hex,
  progress: Progress,
): Promise<{ hash: Hex; block: number }> {
  const salus = await writerOf(app);
  const receipt = await revokeAttestation(salus, digest, {
    onStep: (step) => void (step.step === "sent" && progress.sent(step.hash)),
  });
  return { hash: receipt.transactionHash, block: Number(receipt.blockNumber) };
}
