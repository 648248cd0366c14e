import type { FastifyRequest } from "fastify";
import type { Hex } from "viem";
import { proveReward } from "@salus/sdk/rewards/prove-reward";
import { readClaimableRoot } from "@salus/sdk/rewards/read-roots";
import { parseRewardFile } from "@salus/sdk/rewards/reward-file";
import { type SignedClaim } from "@salus/sdk/rewards/sign-claim";
import { submitClaim } from "@salus/sdk/rewards/submit-claims";
import { personOf } from "../consents/verify-word.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { countSigner } from "../http/rate-limits.ts";
import { assertSigned, submitOnce } from "../relay/relay-word.ts";
import { hasRewardFile } from "./reward-files.ts";

/**
 * Submits a signed claim at the operator's cost, for datasets whose rewards this gateway builds. The proof is made here:
 * who claims needs nothing but their key.
 *
 * @throws GATEWAY_CLAIM_REFUSED
 */
export async function relayClaim(
  context: Context,
  request: FastifyRequest,
  { claim, signature }: SignedClaim,
): Promise<Hex> {
  const root = await readClaimableRoot(context.chain.reader, claim);
  if (!root || !(await hasRewardFile(context, root.leafFile, claim))) {
    throw refused("This gateway has no rewards of that dataset.", {
      hint: "Send the claim to a gateway of the dataset's gateway set, or wait for its next epoch.",
    });
  }
  const proof = proveReward(parseRewardFile(await context.blobs.get(root.leafFile)), claim.subject);
  if (!proof) throw refused("Nothing has been earned there yet.", { hint: "Wait for the next payout." });
  const word = {
    name: "Claim",
    message: claim,
    signature,
    signers: async () => [await personOf(context, claim)],
    code: "GATEWAY_CLAIM_REFUSED",
  } as const;
  await assertSigned(context, word);
  await countSigner(request, `${claim.dataset}:${claim.subject}`);
  // A claim without a limit serves again under each root.
  return submitOnce(context, { ...word, state: root.hash }, "ContributorRewards_", (writer) =>
    submitClaim(writer, { claim, proof, signature }),
  );
}

function refused(message: string, options: { hint: string }): GatewayError {
  return new GatewayError("GATEWAY_CLAIM_REFUSED", message, options);
}
