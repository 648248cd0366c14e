import type { GatewayErrorCode } from "../errors/table.ts";
import { ERRORS } from "../errors/table.ts";
import { REASONS } from "../policy/reasons.ts";
import { TO_THE_END } from "./lifecycle.ts";
import { ROUTE_DOCS } from "./route-docs.ts";
import { ROUTE_LIMITS } from "./route-limits.ts";

/* Why routes refuse: what the documentation shows of it, and what the examples are held to when they are replayed. */

/** What every route may answer when the gateway is not well. */
const ALWAYS = ["GATEWAY_CHAIN_UNAVAILABLE", "GATEWAY_INTERNAL"] as const;

/** Messages of the examples; those of the policy have theirs. */
const MESSAGES: Readonly<Partial<Record<GatewayErrorCode, string>>> = {
  GATEWAY_INVALID_REQUEST: "body: the request must have required property 'signature'.",
  GATEWAY_BODY_TOO_LARGE: "Request body is too large",
  GATEWAY_UNSUPPORTED_MEDIA_TYPE: "Unsupported Media Type",
  GATEWAY_RATE_LIMITED: "More than 1200 requests a minute from this address.",
  GATEWAY_INTERNAL: "The gateway failed at GET /v1/info.",
  GATEWAY_CHAIN_UNAVAILABLE: "The chain could not be read.",
  GATEWAY_NOT_READY: "Not ready: chain: the newest block is 90 seconds old.",
  GATEWAY_STOPPING: "This process of the gateway is about to stop.",
  GATEWAY_UNSIGNED: "The request carries no well-formed signature.",
  GATEWAY_UPLOAD_FORBIDDEN: "The request carries no well-formed upload token.",
  GATEWAY_UPLOAD_QUOTA: "The asset has no more room here.",
  GATEWAY_UPLOAD_UNKNOWN: "There is no open upload b1f0c9d2-7a34-4d6e-9c57-2f8e1a5d3b60 of this asset.",
  GATEWAY_UPLOAD_OFFSET: "The upload goes on at 8388608, not at 0.",
  GATEWAY_RANGE: "The blob has 5 bytes; the range begins behind them.",
  GATEWAY_FORMAT_UNAVAILABLE: "This gateway does not serve blocks as car.",
  GATEWAY_BLOB_UNKNOWN: "This gateway holds no such blob.",
  GATEWAY_DIGEST_MISMATCH: "The bytes have another content id.",
  GATEWAY_FILE_INVALID: "The file is not what it should be.",
  GATEWAY_FILE_MISSING: "A file of the version is not stored here.",
  GATEWAY_WRONG_SHARE: "A key share is not the one that the manifest commits to.",
  GATEWAY_NOT_IN_SET: "This gateway is not in the dataset's gateway set.",
  GATEWAY_VERSION_CONFLICT: "Version 1 is stored here with other contents.",
  GATEWAY_ORDER_UNKNOWN: "This gateway executes no such order.",
  GATEWAY_ASSET_UNKNOWN: "Dataset 7 is not listed on this chain.",
  GATEWAY_NOT_EXECUTOR: "Gateway 2 executes this order, not this one.",
  GATEWAY_MANDATE_UNKNOWN: "The mandate is not open on this chain.",
  GATEWAY_JOB_INVALID: "The job costs more than the order's cap.",
  GATEWAY_INPUT_INVALID: "The input cannot be opened.",
  GATEWAY_NOT_FINAL: "The delivery is not final yet.",
  GATEWAY_RESULT_UNKNOWN: "This gateway has no result of the order.",
  GATEWAY_NOT_RELEASED: "Nothing of this order was released here.",
  GATEWAY_COSIGN_MISMATCH: "This gateway computes another cohort.",
  GATEWAY_REWARDS_MISMATCH: "This gateway builds another root.",
  GATEWAY_CLAIM_REFUSED: "This gateway has no rewards of that dataset.",
  GATEWAY_VOTE_REFUSED: "There is no such vote now.",
  GATEWAY_DISPUTE_REFUSED: "There is no such order to dispute.",
  GATEWAY_APPLICATION_UNKNOWN: "No such application is known here.",
  GATEWAY_APPLICATIONS_FULL: "There are 5 of your applications, 9 in all, waiting for this dataset.",
  GATEWAY_APPROVAL_INVALID: "The approval is for another use.",
  GATEWAY_REVOCATION_INVALID: "The signature is of nobody who may revoke for the subject.",
  GATEWAY_ERASURE_INVALID: "The signature is not its signer's over this wish for erasure.",
  GATEWAY_SUBJECT_ERASED: "The person had this record erased.",
  GATEWAY_GRANT_REFUSED: "This gateway holds no record of the subject in this dataset.",
  GATEWAY_HAND_OVER_REFUSED: "This gateway holds no record of the subject in this dataset.",
  GATEWAY_PROXY_REFUSED: "This gateway holds no record of the subject in this dataset.",
  GATEWAY_CUSTODY_REFUSED: "Only models are taken into custody without a person's decision.",
  GATEWAY_LOG_RANGE: "The log has 4096 entries, not 5000.",
  GATEWAY_LOG_LEAF_UNKNOWN: "The leaf is not in the log.",
  GATEWAY_LOG_NO_CHECKPOINT: "This gateway has signed no checkpoint yet.",
  GATEWAY_LOG_SHRUNK: "A checkpoint of a larger tree was signed before.",
  GATEWAY_LOG_FORKED: "Another checkpoint of this size was signed before.",
  GATEWAY_LOG_UNPROVEN: "The log was not shown to continue what was signed before.",
  GATEWAY_RELAY_BUDGET: "The gas for this subject is used up for today.",
  GATEWAY_RELAY_RUNNING: "This word is being brought on chain.",
  GATEWAY_VETO_UNKNOWN: "There is no such standing veto.",
};

/**
 * Why a route refuses: what routes of its kind do (limits, forms, proofs), and what its own row names.
 *
 * @param route method and path, as in {@link ROUTE_DOCS}
 */
export function refusalsOf(route: string): GatewayErrorCode[] {
  const { proof, takesFile, refuses = [] } = ROUTE_DOCS[route]!;
  const { body, rate } = ROUTE_LIMITS[route]!;
  const codes: GatewayErrorCode[] = [...refuses];
  if (body !== undefined || /[:*]/.test(route) || takesFile) codes.push("GATEWAY_INVALID_REQUEST");
  if (body !== undefined) codes.push("GATEWAY_BODY_TOO_LARGE", "GATEWAY_UNSUPPORTED_MEDIA_TYPE");
  if (proof === "token") codes.push("GATEWAY_UPLOAD_FORBIDDEN");
  if (proof === "request") {
    codes.push("GATEWAY_UNSIGNED", "GATEWAY_SIGNATURE_INVALID");
    codes.push("GATEWAY_REQUEST_STALE", "GATEWAY_REQUEST_REPLAYED");
  }
  if (rate !== "unlimited") codes.push("GATEWAY_RATE_LIMITED");
  if (!TO_THE_END.includes(route.replace("GET ", ""))) codes.push("GATEWAY_STOPPING");
  return [...new Set([...codes, ...ALWAYS])];
}

/** Examples of a route's refusals as they stand in the document, by range of status, then by code. */
export function refusalExamples(route: string): Record<"4XX" | "5XX", Record<string, object>> {
  const examples = { "4XX": {} as Record<string, object>, "5XX": {} as Record<string, object> };
  for (const code of refusalsOf(route)) {
    const { status, hint } = ERRORS[code];
    const value = { code, message: messageOf(code), hint };
    examples[status < 500 ? "4XX" : "5XX"][code] = { summary: `HTTP ${status}`, value };
  }
  return examples;
}

/** @throws Error for a code that has no message: its route could not be documented */
function messageOf(code: GatewayErrorCode): string {
  const message = MESSAGES[code] ?? (REASONS as Record<string, { message: string }>)[code]?.message;
  if (message !== undefined) return message;
  throw new Error(`${code} has no message in gateway/src/http/refusals.ts.`);
}
