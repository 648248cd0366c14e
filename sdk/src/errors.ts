/** What went wrong and what to do next, once for each code. A thrower may sharpen the hint, never drop it. */
export const sdkErrors = {
  SDK_INVALID_INPUT: "Correct the named value and call again.",
  SDK_VALUE_OUT_OF_RANGE: "Pass a value that fits the field's type.",
  SDK_INVALID_CID: "Pass a CIDv1 with codec raw, hash sha2-256 and base32 text (it starts with “bafkrei”).",
  SDK_CRYPTO_UNAVAILABLE:
    "Use Node 24, or a browser of 2025 or later on an https (or localhost) page; WebCrypto with X25519 is needed.",
  SDK_RECORD_TOO_LARGE:
    "Pass records above 16 MiB as a stream (`size` and `open` in place of `plaintext`), or split the record.",
  SDK_STREAM_SIZE: "Give the size of the source as it is read now, and read it from its beginning.",
  SDK_STREAM_BROKEN:
    "Discard what was read so far and fetch the content id again, from another gateway if need be; check the context if it stays.",
  SDK_ENVELOPE_MALFORMED: "Fetch the ciphertext again by its content id, from another gateway if need be.",
  SDK_ENVELOPE_UNSUPPORTED: "Update the software: the envelope was written by a newer version.",
  SDK_CIPHERTEXT_TAMPERED:
    "Fetch the same content id from another gateway and report the one that served these bytes.",
  SDK_RECORD_CONTEXT_MISMATCH:
    "Check chain, registry, dataset, origin version, record id and schema. If all are right, the lister sealed this record wrongly: report it to the dataset's curator.",
  SDK_KEY_COMMITMENT_MISMATCH:
    "All shares are as committed, yet the key is not: the lister prepared this record wrongly. Report it to the dataset's curator.",
  SDK_WRONG_SHARE: "Leave out the named gateway's share, ask another gateway of the set, and report it.",
  SDK_TOO_FEW_SHARES: "Ask more gateways of the dataset's gateway set for their key shares.",
  SDK_DUPLICATE_SHARE: "Pass one share for each gateway.",
  SDK_UNKNOWN_GATEWAY: "Use only gateways of the dataset's gateway set.",
  SDK_SHARE_COMMITMENTS_MISMATCH:
    "The list of share commitments is not the one in the record's leaf: load the manifest again and check its root.",
  SDK_SEALED_OPEN_FAILED:
    "Check that the key pair is the one it was sealed to and that every part of the context is the same; otherwise ask the sender to seal again.",
  SDK_SEALED_MALFORMED: "Ask the sender for the message again; it is cut short or is not a sealed message.",
  SDK_SHARE_BATCH_MALFORMED: "Ask the sender to build and seal the key shares again.",
  SDK_HPKE_KEY_INVALID: "Pass a 32-byte X25519 key that came from generateHpkeKeyPair.",
  SDK_DUPLICATE_LEAF: "List each subject or record once.",
  SDK_LEAF_NOT_FOUND: "Check the key; the tree holds no such leaf.",
  SDK_DUPLICATE_SUBJECT: "A version holds one record for each subject: merge the two before listing.",
  SDK_CONSENT_MISSING: "Add a consent leaf for this subject, or leave the record out.",
  SDK_CONSENT_WITHOUT_RECORD: "Leave this consent leaf out, or add the subject's record.",
  SDK_ORIGIN_WRONG:
    "Carry a record over with the leaf that it has in the version of its origin, or encrypt it anew.",
  SDK_ERASURE_RECEIPT_WRONG: "Hand the wish in again, to that gateway itself.",
  SDK_FILE_MALFORMED:
    "Fetch the file again by its content id; if the id matches, its author wrote it wrongly.",
  SDK_FILE_TOO_LARGE: "Check the content id; no file of this kind may be that large.",
  SDK_FILE_ROOT_MISMATCH:
    "Fetch the file that belongs to this version; its leaves do not give the root on chain.",
  SDK_DESCRIPTOR_INVALID: "Correct the named field of the descriptor.",
  SDK_AGREEMENT_MISMATCH:
    "Do not agree: ask the dataset's curator for the agreement whose digest is in the terms, and read that one.",
  SDK_RECOVERY_CODE_INVALID: "Compare the code with your paper, group by group, and type it again.",
  SDK_ONE_TIME_CODE_INVALID: "Compare the code with your letter, group by group, and type it again.",
  SDK_DISEASE_CYCLE: "Take out one of the steps: a disease cannot be a form of itself.",
  SDK_NONCE_TOO_FAR: "Sign for the slot's current nonce: load it again and sign anew.",
  SDK_REWARDS_EMPTY: "Wait until an order of the dataset was settled and its pot collected.",
  SDK_REWARDS_INCOMPLETE:
    "Read every event up to the epoch's block from the deployment's first block on; an endpoint may have left some out.",
  SDK_REWARDS_FILE_MALFORMED:
    "Fetch the reward file again by its content id; if the id matches, challenge the root that names it.",
  SDK_REWARDS_MISMATCH: "Do not sign this root; challenge it within its window, or wait for the right one.",
  SDK_REWARDS_NONE: "Nothing is waiting: wait for the next payout.",
  SDK_PARAMETER_UNKNOWN: "Choose a setting of the table of parameters.",
  SDK_PARAMETER_OUT_OF_BOUNDS: "Choose a value within the bounds; no vote goes beyond them.",
  SDK_CODE_MISSING: "Deploy the contract first: voters can review only what is there.",
  SDK_SIMULATION_TOO_LARGE: "Divide the proposal into smaller ones.",
  SDK_ACCOUNT_SECRET_INVALID: "Pass the 32 random bytes of the account.",
} as const satisfies Record<`SDK_${string}`, string>;

/** Every code that has a row in {@link sdkErrors}. */
export type SdkErrorCode = keyof typeof sdkErrors;

/** Values in an error: only what may be shown (ids, indexes, sizes, digests), never keys or plaintext. */
export type ErrorDetails = Record<string, unknown>;

type Known = { code: SdkErrorCode; hint?: string };
type Other = { code: string; hint: string };

/** Parameters of {@link SalusError}. A code outside the table must bring its own hint. */
export type SalusErrorParameters = (Known | Other) & {
  message: string;
  details?: ErrorDetails;
  cause?: unknown;
};

/**
 * The one error class of the SDK.
 *
 * `code` says which rule was broken (a row of {@link sdkErrors}), `message` what happened with the values that may be
 * shown, `hint` what to do next, `details` the same values for programs.
 *
 * @example
 * throw new SalusError({ code: "SDK_TOO_FEW_SHARES", message: "1 of 2 key shares.", details: { have: 1, need: 2 } });
 */
export class SalusError extends Error {
  override readonly name = "SalusError";
  readonly code: string;
  readonly hint: string;
  readonly details?: ErrorDetails;

  constructor(parameters: SalusErrorParameters) {
    super(parameters.message, parameters.cause === undefined ? undefined : { cause: parameters.cause });
    this.code = parameters.code;
    this.hint = parameters.hint ?? sdkErrors[parameters.code as SdkErrorCode];
    if (parameters.details) this.details = parameters.details;
  }
}

/** True when `error` is a {@link SalusError}, of the given code if one is given. */
export function isSalusError(error: unknown, code?: SdkErrorCode): error is SalusError {
  return error instanceof SalusError && (code === undefined || error.code === code);
}
