/**
 * Why a request about records is permitted or refused: one row each. `message` says it to who asked; what the values
 * are, the caller knows.
 */
export const REASONS = {
  PERMITTED: { status: 200, message: "Permitted.", hint: "" },

  GATEWAY_SIGNATURE_INVALID: {
    status: 401,
    message: "The signature is not the signer's over this request.",
    hint: "Sign this very request, for this gateway and chain, with the signer's key.",
  },
  GATEWAY_REQUEST_STALE: {
    status: 401,
    message: "The request was signed too long ago, or its time lies in the future.",
    hint: "Check the clock and sign the request anew.",
  },
  GATEWAY_REQUEST_REPLAYED: {
    status: 409,
    message: "This signed request was used before.",
    hint: "Sign a new request, with a new nonce.",
  },
  GATEWAY_NOT_ENTITLED: {
    status: 403,
    message: "The signer may not ask this.",
    hint: "Ask with the order's buyer, or as the order's executor.",
  },
  GATEWAY_RPC_DISAGREEMENT: {
    status: 503,
    message: "The gateway's two chain endpoints disagree.",
    hint: "Try again in a moment; meanwhile nothing is handed out.",
  },
  GATEWAY_HEAD_STALE: {
    status: 503,
    message: "The gateway has seen no fresh block.",
    hint: "Try again in a moment; meanwhile nothing is handed out.",
  },
  GATEWAY_OUTSIDE_SET: {
    status: 403,
    message: "This gateway does not belong to the order's gateway set, or was removed.",
    hint: "Ask the gateways of the order's gateway set.",
  },
  GATEWAY_ORDER_MISMATCH: {
    status: 422,
    message: "The order's fixed part does not give its id.",
    hint: "Send the order exactly as it was funded.",
  },
  GATEWAY_ORDER_NOT_FUNDED: {
    status: 409,
    message: "The order is not funded on chain.",
    hint: "Fund the order and wait until the payment is in a block.",
  },
  GATEWAY_ORDER_STATE: {
    status: 409,
    message: "The order is not in the state that this needs.",
    hint: "Look at the order's state on chain.",
  },
  GATEWAY_ORDER_EXPIRED: {
    status: 409,
    message: "The order's delivery deadline has passed.",
    hint: "Have the order refunded and place a new one.",
  },
  GATEWAY_KIND_FORBIDDEN: {
    status: 403,
    message: "The asset is not offered for orders of this kind.",
    hint: "Choose a kind that the asset's terms offer.",
  },
  GATEWAY_JOB_MISMATCH: {
    status: 422,
    message: "The job is not the one that the order commits to.",
    hint: "Send the job and salt from which the order's job commitment was made.",
  },
  GATEWAY_VERSION_UNKNOWN: {
    status: 409,
    message: "This gateway holds no such version, or another one than the chain.",
    hint: "Upload the version to every gateway of its set.",
  },
  GATEWAY_TERMS_MISMATCH: {
    status: 422,
    message: "The order agrees to other terms than the asset's.",
    hint: "Place a new order on the asset's present terms.",
  },
  GATEWAY_PURPOSE_FORBIDDEN: {
    status: 403,
    message: "The asset's terms forbid the declared purpose.",
    hint: "Choose data whose terms permit the purpose.",
  },
  GATEWAY_ATTESTATION_REVOKED: {
    status: 403,
    message: "An attestation that the order rests on was withdrawn by its issuer.",
    hint: "Ask the issuer why, and order again with a new attestation.",
  },
  GATEWAY_ATTESTATION_EXPIRED: {
    status: 403,
    message: "An attestation that the order rests on ends before the use does.",
    hint: "Ask its issuer for a longer one and order again.",
  },
  GATEWAY_ISSUER_NOT_LISTED: {
    status: 403,
    message: "An attestation that the order rests on is of an issuer that is no longer listed by vote.",
    hint: "Ask a listed issuer for an attestation and order again.",
  },
  GATEWAY_EVIDENCE_INVALID: {
    status: 403,
    message: "The order's evidence does not show what it should.",
    hint: "Order again with attestations and proofs for this very order.",
  },
  GATEWAY_DATASET_VETOED: {
    status: 403,
    message: "This gateway's institution has vetoed uses of the dataset.",
    hint: "Ask the institution, or another gateway of the set.",
  },
  GATEWAY_RECORD_UNKNOWN: {
    status: 404,
    message: "The order's version holds no such record.",
    hint: "Name records of the version's manifest.",
  },
  GATEWAY_OUTSIDE_COHORT: {
    status: 403,
    message: "The record is not among those that the order's receipt or first release names.",
    hint: "Place a new order.",
  },
  GATEWAY_CONSENT_REVOKED: {
    status: 403,
    message: "The subject has stopped sharing.",
    hint: "Do without this record.",
  },
  GATEWAY_CONSENT_MISSING: {
    status: 403,
    message: "The subject does not permit this purpose or kind of use.",
    hint: "Do without this record, or ask for a purpose that the subject permits.",
  },
  GATEWAY_CONSENT_EXPIRED: {
    status: 403,
    message: "The subject's permission has ended.",
    hint: "Do without this record.",
  },
  GATEWAY_CONSENT_NOT_FINAL: {
    status: 403,
    message: "The subject's permission is not final on chain yet.",
    hint: "Try again in a few blocks.",
  },
  GATEWAY_SUBJECT_VETOED: {
    status: 403,
    message: "This gateway's institution has vetoed uses of the record.",
    hint: "Do without this record.",
  },
  GATEWAY_RECORD_ERASED: {
    status: 410,
    message: "The subject had the record erased.",
    hint: "Do without this record.",
  },
  GATEWAY_SHARE_MISSING: {
    status: 404,
    message: "This gateway holds no key share of the record.",
    hint: "Ask another gateway of the set.",
  },
} as const;

/** `PERMITTED` or the code of the rule that forbids. */
export type Reason = keyof typeof REASONS;
export type Refusal = Exclude<Reason, "PERMITTED">;

type Rows = { [Code in Refusal]: { status: number; hint: string } };

/** The refusals as rows of the error table. */
export const ERROR_ROWS_OF_POLICY: Rows = Object.fromEntries(
  Object.entries(REASONS)
    .filter(([code]) => code !== "PERMITTED")
    .map(([code, { status, hint }]) => [code, { status, hint }]),
) as Rows;
