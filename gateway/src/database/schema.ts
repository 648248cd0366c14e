import type { Address, Hex } from "viem";
import type { ColumnType, Generated } from "kysely";
import type {
  LogPosition,
  SignedApplication,
  SignedApproval,
  SignedErasure,
  SignedErasureReceipt,
  SignedRefusal,
  SignedRevocation,
  SignedVeto,
} from "@salus/sdk/gateway/types";
import type { Mandate, Order, Receipt, ReleaseReport } from "@salus/sdk/types";
import type { Wire } from "@salus/sdk/gateway/wire";

/** A column of JSON: written as text, read as a value. */
type Json<T> = ColumnType<T, string, string>;

/** States of an order at its executor, in their order; `failed` ends it too. */
export type ExecutionState =
  "queued" | "gathering shares" | "running" | "signing" | "submitted" | "delivered" | "settled" | "failed";

export type GatewaySignatureRow = { gateway: number; signature: Hex };

/** A checkpoint with its gateway's signature; none when it is known from the chain. */
export type SignedCheckpointRow = { size: number; root: Hex; signature: Hex | null };

/** An answer to the buyer of why an order failed. */
export type FailureRow = { code: string; message: string; hint: string };

/** A finished run: whose records went in, and the sealed result that came out. */
export type OutcomeRow = {
  inputRoot: Hex;
  cohort: number;
  /** SHA-256 of the result sealed to the buyer */
  result: Hex;
  /** the receipt's commitment to the output */
  output: Hex;
};

/** A subject left out, with what justifies it. */
export type ExcludedRow = {
  subject: Address;
  reason: number;
  evidence: { revocation: SignedRevocation } | { veto: SignedVeto } | { erasure: SignedErasure };
};

/** A record of an erased subject: where its key share and its ciphertext were. */
export type ErasedRecord = { recordId: Hex; originVersion: number; content: Hex };

export type Database = {
  /** what was stored, for quotas */
  blobs: {
    digest: Hex;
    asset: string;
    trusted: boolean;
    /** who stored it for an asset that nobody vouched for; null once somebody does */
    stranger: Hex | null;
    size: number;
    stored_at: number;
  };
  /** uploads in pieces that are not complete */
  uploads: {
    id: string;
    asset: string;
    trusted: boolean;
    stranger: Hex | null;
    size: number;
    created_at: number;
    expires_at: number;
  };
  /** every ciphertext that a version listed, with the one place where it may stand */
  contents: { content: Hex; asset: string; origin_version: number; record_id: Hex };
  versions: {
    asset: string;
    number: number;
    version_hash: Hex;
    content_root: Hex;
    consent_root: Hex;
    descriptor: Hex;
    consents_cid: string;
    manifest_cid: string;
    changes_cid: string | null;
    records: number;
    stored_at: number;
    /** whether its subjects stand in `subjects` */
    subjects_listed: Generated<boolean>;
  };
  /** who has a record in which dataset, and in which version last: one look says that somebody is unknown */
  subjects: { dataset: string; subject: Address; version: number };
  /** this gateway's key shares, encrypted under the keystore's storage key */
  key_shares: { asset: string; origin_version: number; record_id: Hex; sealed: Buffer };
  models: { asset: string; digest: Hex; stored_at: number };
  /** orders whose executor this gateway is */
  orders: {
    id: Hex;
    fixed: Json<Wire<Order>>;
    state: ExecutionState;
    spec: Json<unknown> | null;
    salt: Hex | null;
    sealed_input: Buffer | null;
    /** what the last run gave; used again while the cohort is the same */
    outcome: Json<OutcomeRow> | null;
    receipt: Json<Wire<Receipt>> | null;
    signatures: Json<GatewaySignatureRow[]> | null;
    excluded: Json<ExcludedRow[]> | null;
    failure: Json<FailureRow> | null;
    transaction: Hex | null;
    runs: number;
    updated_at: number;
  };
  /** standing orders whose runs this gateway executes, with the job of all of them */
  mandates: {
    id: Hex;
    fixed: Json<Wire<Mandate>>;
    /** the job's salted commitment, by which a run finds it */
    job: Hex;
    spec: Json<unknown>;
    salt: Hex;
    closed: boolean;
    updated_at: number;
  };
  /** receipts this gateway signed, as executor or cosigner: at most one for an order and consent block */
  signed_receipts: {
    order_id: Hex;
    consent_block: number;
    receipt_hash: Hex;
    receipt: Json<Wire<Receipt>>;
    result_cid: string;
    signature: Hex;
    signed_at: number;
  };
  /** downloads: what this gateway released */
  releases: {
    order_id: Hex;
    record_ids: Json<Hex[]>;
    closed_at: number | null;
    report: Json<Wire<ReleaseReport>> | null;
    signature: Hex | null;
    released_at: number;
  };
  revocations: {
    dataset: string;
    subject: Address;
    max_nonce: number;
    signature: Hex;
    /** whose signature it was found to be, lower case; null for what was received before that was kept */
    signer: Address | null;
    /** an ordinary key's signature, not a contract's (ERC-1271) */
    by_key: Generated<boolean>;
    /** of the code of a provisional subject, for which its custodian or the code's holder spoke; else null */
    code_key: Address | null;
    /** the custodian takes back what it granted together with the person */
    two_person: boolean;
    /** key of the proxy that spoke, and the naming that it rests on; else null */
    proxy: Address | null;
    proxy_since: number | null;
    /** head at the receipt; null for what came while the chain could not be read */
    head_block: number | null;
    /** when it was seen that it can never be mined, and that the person has granted anew since */
    overruled_at: number | null;
    received_at: number;
    /** when its effect was seen in a finalized block */
    final_at: number | null;
  };
  /** wishes for erasure; never removed */
  erasures: {
    dataset: string;
    subject: Address;
    signed: Json<SignedErasure>;
    /** what was held when the wish came: enough to erase it again after a restore */
    records: Json<ErasedRecord[]>;
    received_at: number;
    /** this gateway's, once nothing is left here */
    receipt: Json<SignedErasureReceipt> | null;
  };
  /** ciphertexts that must never be stored again */
  erased_contents: { content: Hex };
  /** the other gateways' receipts */
  erasure_receipts: {
    dataset: string;
    subject: Address;
    gateway: number;
    receipt: Json<SignedErasureReceipt>;
  };
  /** applications for approvals, as they were signed */
  applications: {
    place: Generated<string>;
    id: Hex;
    dataset: string;
    applicant: Address;
    signed: Json<SignedApplication>;
    decided: Generated<boolean>;
    received_at: number;
  };
  /** what committees decided on them, every word kept */
  application_decisions: {
    place: Generated<string>;
    application: Hex;
    issuer: Address;
    /** hash of what was signed, so that a word handed in twice is kept once */
    digest: Hex;
    decision: Json<{ approval: SignedApproval } | { refusal: SignedRefusal }>;
    decided_at: number;
  };
  vetoes: {
    id: string;
    dataset: string;
    subject: Address;
    signed: Json<SignedVeto>;
    created_at: number;
    lifted_at: number | null;
  };
  /** reward files that this gateway built; public */
  reward_files: { digest: Hex; dataset: string; token: Address; epoch: number; built_at: number };
  /** processes of this gateway that run, or ended without a word; see replicas/ */
  replicas: { id: Generated<number>; started_at: number };
  /** the queue's pools of workers, by the name under which they lock tasks */
  worker_pools: { pool: string; replica: number };
  /** writes that carry an idempotency key, with the answer once there is one */
  idempotent_writes: {
    id: string;
    fingerprint: string;
    /** the process that is at it */
    replica: number;
    status: number | null;
    content_type: string | null;
    body: Buffer | null;
    expires_at: number;
  };
  request_nonces: { signer: Address; nonce: Hex; expires_at: number };
  /** the transparency log's entries; `index` counts from 0 */
  decisions: {
    index: number;
    at: number;
    action: string;
    order_id: Hex;
    dataset: string;
    subject: Address | null;
    kind: number;
    uses: string;
    reason: string;
    salt: Hex;
    leaf_hash: Buffer;
  };
  /** one row: size and frontier of the log */
  log_state: { singleton: Generated<boolean>; size: number; frontier: Json<string[]> };
  /** positions that were given out */
  log_heads: { size: number; root: Hex };
  /** inner nodes of the log's tree; leaves stand with their decisions */
  log_nodes: { level: number; index: number; hash: Buffer };
  /** checkpoints of this gateway's log that it signed, with what others added */
  log_checkpoints: {
    size: number;
    root: Hex;
    signature: Hex;
    cosignatures: Json<GatewaySignatureRow[]>;
    signed_at: number;
    /** of the posting that was last seen on chain */
    transaction: Hex | null;
  };
  /** checkpoints of other gateways' logs that this one cosigned */
  peer_checkpoints: {
    gateway: number;
    size: number;
    root: Hex;
    /** the other gateway's own */
    signature: Hex;
    cosigned_at: number;
  };
  /** words that were relayed at the operator's cost, and what they cost; kept for two days */
  relays: {
    word: string;
    kind: string;
    dataset: string;
    subject: Address;
    /** used, or set aside while there is no transaction */
    gas: number;
    transaction: Hex | null;
    at: number;
  };
  /** what shows that another gateway's log shrank or forked */
  log_evidence: {
    id: string;
    gateway: number;
    kind: "shrunk" | "forked";
    known: Json<SignedCheckpointRow>;
    claimed: Json<SignedCheckpointRow & { proof?: Hex[] }>;
    found_at: number;
  };
};

export type { LogPosition };
