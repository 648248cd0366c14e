import { ERROR_ROWS_OF_POLICY } from "../policy/reasons.ts";

/** Row of the error table: HTTP status and what to do next. The message comes from where the error arises. */
export type ErrorRow = { readonly status: number; readonly hint: string };

/** Every error that a gateway answers with, the reasons of its policy included. Status codes stand here only. */
export const ERRORS = {
  GATEWAY_INVALID_REQUEST: { status: 400, hint: "Correct the named value and send the request again." },
  GATEWAY_NOT_FOUND: { status: 404, hint: "Check the address; /v1/openapi.json lists all of them." },
  GATEWAY_BODY_TOO_LARGE: { status: 413, hint: "Send less at a time." },
  GATEWAY_HEADERS_TOO_LARGE: { status: 431, hint: "Send fewer or shorter headers." },
  GATEWAY_REQUEST_SLOW: { status: 408, hint: "Send the request again, faster or in smaller pieces." },
  GATEWAY_UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    hint: "Send application/json, or application/octet-stream for files.",
  },
  GATEWAY_IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    hint: "Make a new key for another request; a key stands for one request with one body.",
  },
  GATEWAY_WRITE_UNDER_WAY: {
    status: 409,
    hint: "Send the same request with the same key again in a moment.",
  },
  GATEWAY_RATE_LIMITED: { status: 429, hint: "Wait as long as the retry-after header says." },
  GATEWAY_INTERNAL: { status: 500, hint: "Try again in a moment; if it stays, tell the gateway's operator." },
  GATEWAY_CHAIN_UNAVAILABLE: {
    status: 503,
    hint: "Try again in a moment; the gateway cannot see the chain.",
  },
  GATEWAY_PEER_UNREACHABLE: {
    status: 503,
    hint: "Try again when the named gateway answers.",
  },
  GATEWAY_NOT_READY: { status: 503, hint: "Put right what the message names; ask again in a moment." },
  GATEWAY_STOPPING: {
    status: 503,
    hint: "Try again in a moment: another process of this gateway takes over, or this one is back.",
  },

  GATEWAY_UNSIGNED: { status: 401, hint: "Sign the request; the SDK's verbs do." },
  GATEWAY_UPLOAD_FORBIDDEN: {
    status: 403,
    hint: "Use an upload token of the asset's curator or of its custodian's operator.",
  },
  GATEWAY_UPLOAD_QUOTA: {
    status: 413,
    hint: "List what was uploaded so far, or ask the operator for more room.",
  },
  GATEWAY_UPLOAD_UNKNOWN: { status: 404, hint: "Open a new upload; one that rests for a day is forgotten." },
  GATEWAY_UPLOAD_OFFSET: { status: 409, hint: "Ask where the upload stands, and go on there." },
  GATEWAY_RANGE: { status: 416, hint: "Ask for a range within the blob." },
  GATEWAY_FORMAT_UNAVAILABLE: {
    status: 406,
    hint: "Ask with ?format=raw, or accept application/vnd.ipld.raw: every public file is a single block.",
  },
  GATEWAY_BLOB_UNKNOWN: { status: 404, hint: "Ask another gateway of the dataset's gateway set." },
  GATEWAY_DIGEST_MISMATCH: { status: 422, hint: "Upload the bytes that belong to the content id." },
  GATEWAY_FILE_INVALID: { status: 422, hint: "Correct the file as the message says and upload it again." },
  GATEWAY_FILE_MISSING: { status: 422, hint: "Upload the named file first." },
  GATEWAY_WRONG_SHARE: {
    status: 422,
    hint: "Build the version again: the sender's key shares are not those that the manifest commits to.",
  },
  GATEWAY_NOT_IN_SET: { status: 422, hint: "Send it to the gateways of the dataset's gateway set." },
  GATEWAY_VERSION_CONFLICT: { status: 409, hint: "Use the next version number: a version never changes." },
  GATEWAY_ASSET_UNKNOWN: { status: 404, hint: "Upload the version to this gateway first, then list it." },
  GATEWAY_ORDER_UNKNOWN: { status: 404, hint: "Hand in the job of the order at its executor first." },
  GATEWAY_NOT_EXECUTOR: { status: 422, hint: "Send the job to the asset's custodian." },
  GATEWAY_MANDATE_UNKNOWN: { status: 404, hint: "Open the mandate on chain first, then hand in its job." },
  GATEWAY_JOB_INVALID: { status: 422, hint: "Correct the job as the message says; it needs a new order." },
  GATEWAY_INPUT_INVALID: {
    status: 422,
    hint: "Seal the input to the executor's sealing key for this order.",
  },
  GATEWAY_NOT_FINAL: { status: 409, hint: "Ask again in a few blocks, when the delivery is final." },
  GATEWAY_RESULT_UNKNOWN: { status: 404, hint: "Ask the executor, or the other signers of the receipt." },
  GATEWAY_NOT_RELEASED: { status: 409, hint: "Let the buyer fetch the key shares first." },
  GATEWAY_COSIGN_MISMATCH: {
    status: 409,
    hint: "Recompute the receipt: this gateway sees another cohort, cost or order.",
  },
  GATEWAY_REWARDS_MISMATCH: {
    status: 409,
    hint: "Rebuild the rewards: this gateway counts other events, other contributors, or has a later epoch.",
  },
  GATEWAY_CLAIM_REFUSED: { status: 422, hint: "Sign the claim again for what is claimable now." },
  GATEWAY_VOTE_REFUSED: {
    status: 422,
    hint: "Load the proposal and the voter's nonce again, and sign anew.",
  },
  GATEWAY_DISPUTE_REFUSED: {
    status: 422,
    hint: "Load the order and its receipt again, and sign anew, while the order can be disputed.",
  },
  GATEWAY_REVOCATION_INVALID: {
    status: 422,
    hint: "Sign the revocation again for the slot's present nonce.",
  },
  GATEWAY_ERASURE_INVALID: {
    status: 422,
    hint: "Sign the wish with the subject's key, or with the key of whoever controls the subject now.",
  },
  GATEWAY_SUBJECT_ERASED: {
    status: 410,
    hint: "Leave the subject out: an erased record never comes back to this dataset.",
  },
  GATEWAY_GRANT_REFUSED: { status: 422, hint: "Sign the grant again for the slot's present nonce." },
  GATEWAY_HAND_OVER_REFUSED: {
    status: 422,
    hint: "Ask the institution that sent the letter; take the code and the dataset from it.",
  },
  GATEWAY_PROXY_REFUSED: { status: 422, hint: "Load the current state and sign again." },
  GATEWAY_CUSTODY_REFUSED: {
    status: 422,
    hint: "Name this gateway as custodian of a model, in a set it belongs to, at its share or more.",
  },
  GATEWAY_LOG_RANGE: {
    status: 422,
    hint: "Ask for places and sizes within the log; GET /v1/log tells its size.",
  },
  GATEWAY_LOG_LEAF_UNKNOWN: {
    status: 404,
    hint: "Compare the leaf with your copy of the entry and its salt; a log that promised it must hold it.",
  },
  GATEWAY_LOG_DAMAGED: {
    status: 500,
    hint: "Report the gateway: a log that loses entries breaks its word. Restore its database from a backup.",
  },
  GATEWAY_LOG_NO_CHECKPOINT: { status: 404, hint: "Ask again when the log has grown and was checkpointed." },
  GATEWAY_LOG_SHRUNK: {
    status: 409,
    hint: "Restore the log: a checkpoint of a larger tree was signed before. It is kept as evidence.",
  },
  GATEWAY_LOG_FORKED: {
    status: 409,
    hint: "Restore the log: it contradicts a checkpoint that was signed before. Both are kept as evidence.",
  },
  GATEWAY_LOG_UNPROVEN: {
    status: 409,
    hint: "Let the gateway answer /v1/log/consistency from the size that the other remembers, and hand it in again.",
  },
  GATEWAY_RELAY_BUDGET: {
    status: 429,
    hint: "Submit it on chain from any account with gas, ask another gateway of the dataset's gateway set, or come back when retry-after says. Stopping is never refused for this.",
  },
  GATEWAY_RELAY_RUNNING: { status: 409, hint: "Ask again in a moment: the answer is its transaction." },
  GATEWAY_APPLICATION_UNKNOWN: {
    status: 404,
    hint: "Check the application's id, and ask a gateway of its dataset.",
  },
  GATEWAY_APPLICATIONS_FULL: {
    status: 429,
    hint: "Wait until a committee has decided on the applications that are open.",
  },
  GATEWAY_APPROVAL_INVALID: {
    status: 422,
    hint: "Sign an attestation of the very use that was applied for, as a committee that a vote listed.",
  },
  GATEWAY_VETO_UNKNOWN: { status: 404, hint: "Check the veto's id." },
  ...ERROR_ROWS_OF_POLICY,
} as const satisfies Record<`GATEWAY_${string}`, ErrorRow>;

export type GatewayErrorCode = keyof typeof ERRORS;
