import type { Address, Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { deriveCodeKey } from "../accounts/one-time-code.ts";
import type { Deployment } from "../chain/deployment.ts";
import type { Contest, HandOver, Revocation } from "../types.ts";
import { provisionalSubject } from "./provisional-subject.ts";
import { signContest, signHandOver } from "./sign-hand-over.ts";
import { signRevocation } from "./sign-revocation.ts";

/** A place in a dataset that a one-time code belongs to. */
export type CodePlace = { dataset: bigint; subject: Address; codeKey: Address };

/**
 * The place in a dataset that a one-time code would belong to. Whether there is one, the dataset's consent leaves say:
 * look for the subject in them.
 *
 * @throws SDK_ONE_TIME_CODE_INVALID
 */
export function placeOfCode(deployment: Deployment, code: Uint8Array, dataset: bigint): CodePlace {
  const { address } = codeKeyOf(deployment, code, dataset);
  return { dataset, subject: provisionalSubject(dataset, address), codeKey: address };
}

/**
 * Signs that a person takes over their place, as the holder of the letter; the custodian signs next (`sendHandOver`).
 *
 * @param controller the key that signs from then on: of the person's account, `deriveSubjectKey`
 * @param nonce from `readController`
 * @param validUntil seconds; a custodian signs for an hour at most
 */
export async function signTakeOver(
  deployment: Deployment,
  code: Uint8Array,
  handOver: Omit<HandOver, "subject">,
): Promise<{ message: HandOver; codeKey: Address; codeSignature: Hex }> {
  const { subject, codeKey } = placeOfCode(deployment, code, handOver.dataset);
  const account = accountOf(deployment, code, handOver.dataset);
  const { message, signature } = await signHandOver(deployment, { ...handOver, subject }, account);
  return { message, codeKey, codeSignature: signature };
}

/** Signs, as the holder of the letter, that a hand-over is not the person's; `nonce` is the hand-over's. */
export async function signContestByCode(
  deployment: Deployment,
  code: Uint8Array,
  { dataset, nonce }: { dataset: bigint; nonce: number },
): Promise<{ message: Contest; codeKey: Address; signature: Hex }> {
  const { subject, codeKey } = placeOfCode(deployment, code, dataset);
  const account = accountOf(deployment, code, dataset);
  return { ...(await signContest(deployment, { dataset, subject, nonce }, account)), codeKey };
}

/** Signs, as the holder of the letter, that a place that nobody took over is not used any more. */
export async function signRevocationByCode(
  deployment: Deployment,
  code: Uint8Array,
  { dataset, nonce }: { dataset: bigint; nonce: number },
): Promise<{ message: Revocation; codeKey: Address; signature: Hex }> {
  const { subject, codeKey } = placeOfCode(deployment, code, dataset);
  const account = accountOf(deployment, code, dataset);
  return { ...(await signRevocation(deployment, { dataset, subject, nonce }, account)), codeKey };
}

function codeKeyOf({ chainId, contracts }: Deployment, code: Uint8Array, dataset: bigint) {
  return deriveCodeKey(code, { chainId, registry: contracts.AssetRegistry, dataset });
}

function accountOf(deployment: Deployment, code: Uint8Array, dataset: bigint) {
  return privateKeyToAccount(codeKeyOf(deployment, code, dataset).privateKey);
}
