import { type Address, isAddressEqual, type Hex } from "viem";
import { typedData } from "@salus/sdk/chain/typed-data";
import { provisionalSubject } from "@salus/sdk/consent/provisional-subject";
import { signHandOver } from "@salus/sdk/consent/sign-hand-over";
import { consentBasis } from "@salus/sdk/trees/leaves";
import type { HandOver } from "@salus/sdk/types";
import { verifySignature } from "../auth/verify.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { LIMIT } from "../http/limits.ts";
import { readLocalWord } from "./local-word.ts";
import { latestLeaf } from "./known-subject.ts";
import { custodianOf } from "./verify-word.ts";

/**
 * The custodian's signature on a hand-over: against the code. Whoever signs with the code's key holds the letter; that the
 * institution attests a consent for this very subject, its versions show. What is wrong nevertheless, the delay and the
 * contest are for; the institution stops a single hand-over beforehand by a veto on the subject.
 *
 * @throws GATEWAY_HAND_OVER_REFUSED
 */
export async function signAgainstCode(
  context: Context,
  handOver: HandOver,
  codeKey: Address,
  codeSignature: Hex,
): Promise<Hex> {
  const { dataset, subject, validUntil } = handOver;
  const custodian = await custodianOf(context, dataset);
  if (custodian.index !== context.index) throw refused("This gateway is not the dataset's custodian.");
  if (!isAddressEqual(provisionalSubject(dataset, codeKey), subject)) {
    throw refused("The code belongs to another place than this subject.");
  }
  const typed = typedData(context.deployment, "HandOver", handOver);
  if (!(await verifySignature(context.chain, codeKey, typed, codeSignature))) {
    throw refused("The signature is not the code's over this hand-over.");
  }
  const now = context.now();
  if (validUntil < now || validUntil > now + LIMIT.handOverSeconds) {
    throw refused(`A hand-over is signed for the next ${LIMIT.handOverSeconds} seconds at most.`);
  }
  const leaf = await latestLeaf(context, dataset, subject.toLowerCase() as Address);
  if (leaf?.basis !== consentBasis.custodianAttested) {
    throw refused("No version of this dataset lists the subject under an attested consent.");
  }
  const { vetoed } = await readLocalWord(context.db, dataset);
  if (vetoed.has(subject.toLowerCase())) throw refused("The institution has stopped uses of this subject.");
  return (await signHandOver(context.deployment, handOver, context.keys.signer)).signature;
}

function refused(message: string): GatewayError {
  return new GatewayError("GATEWAY_HAND_OVER_REFUSED", message);
}
