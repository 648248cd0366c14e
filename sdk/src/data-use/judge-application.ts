import {
  hashTypedData,
  isAddressEqual,
  parseAbi,
  recoverTypedDataAddress,
  type Address,
  type Hex,
} from "viem";
import type { SalusReader } from "../chain/client.ts";
import { hashStruct } from "../chain/hash-struct.ts";
import { typedData } from "../chain/typed-data.ts";
import type { Signed } from "../consent/types.ts";
import { applicationMessage } from "../gateway/applications.ts";
import { approvalOf } from "../gateway/decide-application.ts";
import { REQUEST_TYPES, requestDomain } from "../gateway/requests.ts";
import type { ApplicationDecision, ApplicationView, SignedApplication } from "../gateway/types.ts";
import type { Attestation } from "../types.ts";
import { readIssuer } from "./read-issuer.ts";
import { readRevokedAt } from "./read-revoked-at.ts";

/** Whether an approval would be taken with an order now, and why not. */
export type ApprovalState = "good" | "withdrawn" | "expired" | "unlisted";

/** A committee's word on an application, as far as it is signed. Times in seconds. */
export type JudgedDecision =
  | { word: "refused"; issuer: Address; at: number; reason: string }
  | {
      word: "approved";
      issuer: Address;
      at: number;
      state: ApprovalState;
      /** when the issuer withdrew it; 0 if never */
      withdrawnAt: number;
      approval: Signed<Attestation>;
      /** by it the issuer withdraws it */
      digest: Hex;
    };

/** An application with the words on it that somebody who may say them has signed. */
export type JudgedApplication = ApplicationView & { judged: JudgedDecision[] };

/**
 * Checks what gateways tell of an application: its signature, that each decision is its issuer's own and an approval is
 * for exactly this use, and on the chain whether approvals hold at a time: issuer listed for the kind, not withdrawn, not
 * expired. The same rules as `DataUseAuthority.shownBy`.
 *
 * @param now in seconds, by the chain's clock
 * @returns nothing for an application that its applicant did not sign; words that nobody signed are left out
 */
export async function judgeApplication(
  salus: SalusReader,
  view: ApplicationView,
  now: number,
): Promise<JudgedApplication | undefined> {
  const { application, signature } = view;
  const message = applicationMessage(application);
  const typed = requestData(salus, "Application", message);
  if (!(await isSignedBy(salus, { signer: application.applicant, typed, signature }))) return undefined;
  const judged = await Promise.all(view.decisions.map((word) => judge(salus, view, { word, now })));
  return { ...view, judged: judged.filter((word) => word !== undefined) };
}

async function judge(
  salus: SalusReader,
  view: ApplicationView,
  { word, now }: { word: ApplicationDecision; now: number },
): Promise<JudgedDecision | undefined> {
  if ("refusal" in word) {
    const { refusal, signature } = word.refusal;
    const typed = requestData(salus, "Refusal", refusal);
    const own = refusal.application.toLowerCase() === view.id.toLowerCase();
    if (!own || !(await isSignedBy(salus, { signer: refusal.issuer, typed, signature }))) return undefined;
    return { word: "refused", issuer: refusal.issuer, at: refusal.issuedAt, reason: refusal.reason };
  }
  const approval = approvalOf(word.approval);
  const { message, signature } = approval;
  const typed = typedData(salus.deployment, "Attestation", message);
  const { issuer } = message;
  if (!isForUse(message, view) || !(await isSignedBy(salus, { signer: issuer, typed, signature })))
    return undefined;
  const digest = hashStruct(salus.deployment, "Attestation", message);
  const withdrawnAt = await readRevokedAt(salus, { issuer, attestation: digest });
  const state = await stateOf(salus, message, { withdrawnAt, now });
  return { word: "approved", issuer, at: word.decidedAt, state, withdrawnAt, approval, digest };
}

/** Whether an attestation is for exactly the use that an application asks for. */
export function isForUse(attestation: Attestation, { application }: Pick<SignedApplication, "application">) {
  return (
    isAddressEqual(attestation.buyer, application.applicant) &&
    attestation.dataset === BigInt(application.dataset) &&
    attestation.uses === BigInt(application.uses) &&
    attestation.country === application.country &&
    attestation.disease.toLowerCase() === application.disease.toLowerCase() &&
    attestation.project.toLowerCase() === application.project.toLowerCase()
  );
}

async function stateOf(
  salus: SalusReader,
  { issuer, kind, expiry }: Attestation,
  { withdrawnAt, now }: { withdrawnAt: number; now: number },
): Promise<ApprovalState> {
  if (withdrawnAt !== 0) return "withdrawn";
  if (expiry < now) return "expired";
  const { kinds, until } = await readIssuer(salus, issuer);
  return (kinds >> BigInt(kind)) & 1n && until >= now ? "good" : "unlisted";
}

function requestData(
  { deployment }: SalusReader,
  primaryType: "Application" | "Refusal",
  message: Record<string, unknown>,
): object {
  const { chainId, contracts } = deployment;
  const domain = requestDomain(chainId, contracts.GatewayRegistry);
  return { domain, types: { [primaryType]: REQUEST_TYPES[primaryType] }, primaryType, message };
}

/** What ERC-1271 answers for a good signature. */
const ERC1271_MAGIC = "0x1626ba7e";
const ERC1271_ABI = parseAbi([
  "function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)",
]);

/** An ordinary key's signature is checked here; a contract account is asked on chain (ERC-1271). */
async function isSignedBy(
  { publicClient }: SalusReader,
  { signer, typed, signature }: { signer: Address; typed: object; signature: Hex },
): Promise<boolean> {
  try {
    if (isAddressEqual(await recoverTypedDataAddress({ ...typed, signature } as never), signer)) return true;
  } catch {
    // Not a signature of an ordinary key; a contract's may have any form.
  }
  const code = await publicClient.getCode({ address: signer });
  if (!code || code === "0x") return false;
  try {
    const answer = await publicClient.readContract({
      address: signer,
      abi: ERC1271_ABI,
      functionName: "isValidSignature",
      args: [hashTypedData(typed as never), signature],
    });
    return answer === ERC1271_MAGIC;
  } catch {
    return false; // what an account does not call its own counts as nobody's
  }
}
