import type { Address, Hex } from "viem";
import type { SignedTypes } from "../chain/typed-data.ts";
import type { ProxyWord } from "../consent/proxies.ts";
import type {
  Attestation,
  Claim,
  Contest,
  Grant,
  HandOver,
  Mandate,
  Order,
  Receipt,
  ReleaseReport,
  Revocation,
  RewardRoot,
  Version,
} from "../types.ts";
import type { SignedPromise } from "../log/promise.ts";
import type { Wire } from "./wire.ts";

/** Answer of `GET /v1/info`. */
export type GatewayInfo = {
  name: string;
  /** number in the registry */
  index: number;
  /** public X25519 key to which key shares and model inputs are sealed */
  sealingKey: Hex;
  signer: Address;
  operator: Address;
  chainId: number;
  gatewayRegistry: Address;
  /** how jobs are kept apart from the rest of the machine */
  isolation: string;
  version: string;
};

/** Body of `PUT /v1/datasets/:asset/versions/:n`. The files named by the descriptor are uploaded as blobs before. */
export type PutVersionRequest = {
  version: Wire<Version>;
  /** this gateway's HPKE message of `buildVersion`, base64 */
  sealedShares: string;
};

/** `pending` until the version on chain has these roots. */
export type PutVersionResponse = {
  asset: string;
  number: number;
  status: "pending" | "effective";
  records: number;
};

/** Body of `POST /v1/orders/:id/job`. */
export type SubmitJobRequest = {
  order: Wire<Order>;
  /** the job in full (analysis and training); its salted commitment is in the order */
  spec?: unknown;
  /** salt of the job commitment; none for a download */
  salt?: Hex;
  /** model use: `{salt, features}` sealed to the executor for this order, base64 */
  sealedInput?: string;
};

/** Body of `POST /v1/mandates/:id/job`. */
export type SubmitMandateRequest = {
  mandate: Wire<Mandate>;
  /** the job of every run in full; its salted commitment is in the mandate */
  spec: unknown;
  /** salt of the job commitment */
  salt: Hex;
};

/** Where a gateway stands with an order. */
export type OrderProgress =
  "queued" | "gathering shares" | "running" | "signing" | "delivered" | "settled" | "failed";

/** Answer of `POST /v1/orders/:id/job` and `GET /v1/orders/:id`. */
export type OrderView = {
  id: Hex;
  state: OrderProgress;
  /** records in the cohort of the run, once known */
  cohort?: number;
  receipt?: Wire<Receipt>;
  /** content id of the sealed result, once there is a receipt */
  result?: string;
  /** when failed */
  failure?: { code: string; message: string; hint: string };
  /** when it failed on chain: transaction of the refund */
  transaction?: Hex;
  /** of the answer to a job: that the decision on it is in the log */
  promise?: SignedPromise;
  /** seconds since 1970 */
  updatedAt: number;
};

/** A record that was not released, and why. */
export type RefusedRecord = { recordId: Hex; code: string; message: string };

/** A gateway's answer to a key release, for downloads (to the buyer) and jobs (to the executor). */
export type ReleaseResponse = {
  gateway: number;
  /** HPKE message with the key shares (see `encodeShareBatch`), bound to the order, base64 */
  sealed: string;
  released: number;
  refused: RefusedRecord[];
  /** position of the gateway's log, with this decision in it */
  log: LogPosition;
  /** the gateway's signed word for it; keep it to prove an omission */
  promise: SignedPromise;
};

/** Body of `POST /v1/orders/:id/release`. */
export type ReleaseRequest = { order: Wire<Order> };

/** Size and root of a gateway's transparency log (RFC 6962). */
export type LogPosition = { gateway: number; size: number; root: Hex };

/**
 * A revocation with the signature of who may revoke: the person; with `codeKey`, for a provisional subject, the code's
 * holder or the custodian; with `twoPerson` the custodian, for what it granted together with the person; with `proxy` that
 * key, over a `ProxyRevocation`.
 */
export type SignedRevocation = {
  revocation: Wire<Revocation>;
  signature: Hex;
  codeKey?: Address;
  twoPerson?: boolean;
  /** the proxy's key, and the nonce at which the person named it */
  proxy?: ProxySpeaker;
};

/** A key that speaks for a subject, and the naming that its words rest on. */
export type ProxySpeaker = { key: Address; since: number };

/** Answer of `POST /v1/consents/revocations`. From this answer on the gateway denies. */
export type RevocationResponse = { status: "effective" | "on chain"; log: LogPosition };

/** A grant with its subject's signature, and the custodian's where two persons grant. */
export type SignedGrant = { grant: Wire<Grant>; signature: Hex; custodianSignature?: Hex };

/** Body of `POST /v1/consents/hand-overs`, at the custodian of the dataset, which signs too and submits it. */
export type HandOverRequest = { handOver: Wire<HandOver>; codeKey: Address; codeSignature: Hex };

/** Answer: the controller speaks from `inForceFrom` (seconds) on, unless somebody contests before. */
export type HandOverResponse = { transaction: Hex; inForceFrom: number };

/** Body of `POST /v1/consents/contests`. */
export type ContestRequest = { contest: Wire<Contest>; codeKey: Address; signature: Hex };

/** Bodies of `POST /v1/consents/proxies/:word`, one for each of the words about proxies. */
export type ProxyRequest<Name extends ProxyWord = ProxyWord> = {
  message: Wire<SignedTypes[Name]>;
  signature: Hex;
};

/** Answer of a gateway that submitted something at its own cost. */
export type RelayResponse = { transaction: Hex };

/** Answer of `POST /v1/consents/grants`. */
export type GrantResponse = { transaction: Hex };

/** Body of `POST /v1/access-log`: `AccessLogRequest` with the subject's signature. */
export type AccessLogRequest = {
  dataset: string;
  subject: Address;
  issuedAt: number;
  nonce: Hex;
  signature: Hex;
  /** asks for proofs that the entries stand in the log's tree of this size; not signed, since it opens nothing more */
  provenAt?: number;
};

/** One decision about a subject's record. */
export type AccessLogEntry = {
  /** seconds since 1970 */
  at: number;
  order: Hex;
  /** what was asked: `job`, `share`, `cosign`, `receipt` or `download` */
  action: string;
  /** declared uses as bits, decimal */
  uses: string;
  kind: number;
  decision: "permitted" | "refused";
  /** code of the reason */
  reason: string;
  gateway: number;
  /** place in the gateway's log */
  index: number;
  /** opens the log's commitment to this entry */
  salt: Hex;
  /** audit path to the root of the size that was asked for; absent when the tree of that size does not hold it */
  proof?: Hex[];
};

export type AccessLogResponse = { entries: AccessLogEntry[]; log: LogPosition };

/** An operator's local veto, signed (`Veto`). Subject zero stands for the whole dataset. */
export type SignedVeto = {
  veto: { dataset: string; subject: Address; gateway: number; issuedAt: number; nonce: Hex };
  signature: Hex;
};

/** A signed wish for erasure (`Erasure`), as it is handed in and passed on. */
export type SignedErasure = {
  erasure: { dataset: string; subject: Address; issuedAt: number; nonce: Hex };
  /** the subject, who controls it, or for a provisional subject the custodian's operator or the code's key */
  signer: Address;
  signature: Hex;
  /** shows that a subject is provisional: address of its code's key */
  codeKey?: Address;
};

/** What a gateway tells another one of the wishes for erasure that it knows, by subject. */
export type ErasuresPage = {
  erasures: SignedErasure[];
  /** the subject after which the next page begins; none on the last one */
  next?: Address;
};

/** A gateway's signed word that it erased (`ErasureReceipt`). */
export type SignedErasureReceipt = {
  receipt: {
    dataset: string;
    subject: Address;
    /** EIP-712 hash of the request */
    request: Hex;
    gateway: number;
    /** records that were erased here, over all versions */
    records: number;
    erasedAt: number;
  };
  signature: Hex;
};

/**
 * Answer of `POST /v1/erasures`: `erased` when so many gateways have confirmed that those left cannot put a key together;
 * asking again with the same request tells how far it is.
 */
export type ErasureResponse = {
  status: "erased" | "pending";
  receipts: SignedErasureReceipt[];
  /** receipts that make it erased: n − t + 1 */
  needed: number;
};

export type VetoResponse = { id: string };

/** What a developer writes for a committee to read. No personal data: it is told to whoever decides. */
export type ApplicationText = {
  /** the project in a sentence: with `salt` it makes the digest by which orders name it */
  project: string;
  salt: Hex;
  /** what the study is about: what is to be done with the data, and why */
  study: string;
  /** documents by content id, such as a study protocol */
  documents: string[];
  /** until when the approval is asked for, in seconds */
  until: number;
};

/** An application for an approval, signed by the buyer (`Application`); `text` in it is the digest of the text beside it. */
export type SignedApplication = {
  application: {
    applicant: Address;
    dataset: string;
    uses: string;
    country: number;
    disease: Hex;
    project: Hex;
    text: Hex;
    issuedAt: number;
    nonce: Hex;
  };
  text: ApplicationText;
  signature: Hex;
};

/** A committee's refusal, with its reason (`Refusal`). */
export type SignedRefusal = {
  refusal: { application: Hex; issuer: Address; reason: string; issuedAt: number; nonce: Hex };
  signature: Hex;
};

/** A committee's approval: the attestation that the buyer shows with an order. */
export type SignedApproval = { attestation: Wire<Attestation>; signature: Hex };

/** What one committee decided on an application, and when the gateway heard of it, in seconds. */
export type ApplicationDecision = {
  issuer: Address;
  decidedAt: number;
} & ({ approval: SignedApproval } | { refusal: SignedRefusal });

/** An application with all decisions on it, earliest first. */
export type ApplicationView = SignedApplication & {
  /** EIP-712 hash of the application */
  id: Hex;
  receivedAt: number;
  decisions: ApplicationDecision[];
};

/** Answer of `GET /v1/applications`: the signer's own, or for a committee every one that it may decide on; latest first. */
export type ApplicationsPage = {
  applications: ApplicationView[];
  /** pass it as `before` for the next page; none on the last */
  next?: string;
};

/** Subjects left out of an order's cohort beyond what the chain says; public once the receipt is delivered. */
export type ExclusionFile = {
  order: Hex;
  /** ascending by subject; leaves of the receipt's excluded root, reasons as in `exclusionReasons` */
  excluded: { subject: Address; reason: number }[];
};

/** Body of `POST /v1/peer/shares`; the answer is a {@link ReleaseResponse} with `evidence`. */
export type PeerSharesRequest = { order: Wire<Order>; spec?: unknown; salt?: Hex; recordIds: Hex[] };

/** What an executor's peer adds: signed revocations that it knows of and the executor may not. */
export type PeerSharesResponse = ReleaseResponse & { evidence: SignedRevocation[] };

/** What justifies an excluded subject. */
export type ExclusionEvidence =
  { revocation: SignedRevocation } | { veto: SignedVeto } | { erasure: SignedErasure };

/** Body of `POST /v1/peer/cosign`. */
export type CosignRequest = {
  order: Wire<Order>;
  receipt: Wire<Receipt>;
  spec?: unknown;
  salt?: Hex;
  excluded: { subject: Address; reason: number; evidence: ExclusionEvidence }[];
  logs: LogPosition[];
  /** the result sealed to the buyer, base64: a cosigner stores it before it signs */
  sealedResult: string;
};

export type CosignResponse = { gateway: number; signature: Hex; promise: SignedPromise };

/** Body of `POST /v1/peer/report`: the custodian asks for a statement on a download. */
export type PeerReportRequest = { order: Wire<Order> };

export type PeerReportResponse = {
  gateway: number;
  report: Wire<ReleaseReport>;
  signature: Hex;
};

/** Body of `POST /v1/peer/rewards`: a root that another gateway built and asks to have checked and signed. */
export type CosignRewardsRequest = { root: Wire<RewardRoot> };

/** Answer of `POST /v1/peer/rewards`. */
export type CosignRewardsResponse = { gateway: number; signature: Hex };

/** Body of `POST /v1/rewards/claims`: a claim that the gateway submits at its own cost. */
export type RelayClaimRequest = { claim: Wire<Claim>; signature: Hex };

/** Answer of `POST /v1/rewards/claims`. */
export type RelayClaimResponse = { transaction: Hex };

/** Body of `POST /v1/governance/votes`: a vote that the gateway submits at its own cost. */
export type RelayVoteRequest = {
  proposal: string;
  support: number;
  voter: Address;
  nonce: string;
  reason: string;
  signature: Hex;
};

/** Body of `POST /v1/governance/delegations`: a delegation that the gateway submits at its own cost. */
export type RelayDelegationRequest = { delegatee: Address; nonce: string; expiry: string; signature: Hex };

/** Body of `POST /v1/disputes`: a contributor's dispute that the gateway opens at its own cost; the bond is the permit's. */
export type RelayOpeningRequest = {
  order: Wire<Order>;
  opening: { order: Hex; subject: Address; evidence: Hex; maxBond: string };
  membership: {
    receipt: Wire<Receipt>;
    signature: Hex;
    contributor: { subject: Address; weight: number };
    proof: readonly Hex[];
  };
  signature: Hex;
  permit: { value: string; deadline: string; v: number; r: Hex; s: Hex };
};
