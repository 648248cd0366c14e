import type { Currency } from "#lib/money.ts";

export type Hex = `0x${string}`;

/** A gateway, by its name in the registry and its number there. */
export interface Keeper {
  name: string;
  number: number;
}

/** A condition that records of a dataset show, by its ICD-10-CM code. */
export interface Condition {
  code: string;
  name: string;
}

/** A dataset as lists show it. Money in the token's smallest unit, time in seconds since 1970. */
export interface DatasetSummary {
  /** Token id as 32 bytes. */
  id: Hex;
  title: string;
  /** Name of the institution whose gateway is custodian. */
  custodian: string;
  gateway: Keeper;
  conditions: readonly Condition[];
  /** Records in the current version. */
  records: number;
  version: number;
  price: bigint;
  currency: Currency;
  /** Data Use Ontology terms as bits. */
  duo: bigint;
  /** Countries of a geographical restriction, one bit each; zero otherwise. */
  countries: bigint;
  /** Ends of moratorium and use, packed as in the terms. */
  dates: bigint;
  /** Permitted modes as bits. */
  modes: bigint;
  /** Orders can be placed. */
  open: boolean;
}

/** A column that analyses can use. */
export interface DatasetColumn {
  name: string;
  label: string;
  unit: string | null;
  numeric: boolean;
}

/** A finished use of a dataset. */
export interface UseRecord {
  /** Order id. */
  order: Hex;
  kind: OrderKindName;
  /** Declared uses as bits. */
  uses: bigint;
  at: number;
  /** People whose records took part. */
  cohort: number;
}

export interface DatasetDetail extends DatasetSummary {
  description: string;
  /** Digest of the disease that disease-specific terms name; zero otherwise. */
  disease: Hex;
  /** The disease in words, where the descriptor names it. */
  diseaseName: string | null;
  termsHash: Hex;
  /** Text of the data-use agreement, where the curator publishes it. */
  agreement: string | null;
  /** Least part of a trained model's price that goes to the people whose records taught it. */
  royaltyBps: number;
  /** The gateways of its set: they keep its records and what is asked about it. */
  keepers: readonly Keeper[];
  columns: readonly DatasetColumn[];
  custodianBps: number;
  curatorBps: number;
  /** Protocol fee of new orders. */
  feeBps: number;
  /** Privacy budget of the source population, in 10⁻⁹ zCDP rho. */
  privacy: { cap: bigint; spent: bigint };
  versions: readonly { number: number; records: number; contentRoot: Hex; at: number }[];
  uses: readonly UseRecord[];
}

export type OrderKindName = "Analysis" | "Training" | "Download" | "ModelUse";
export type OrderStateName = "Funded" | "Delivered" | "Disputed" | "Settled" | "Refunded";
export type RefundReasonName = "Failed" | "Expired" | "Delisted" | "NotReported" | "Ruled";

export interface OrderSummary {
  id: Hex;
  asset: Hex;
  assetTitle: string;
  kind: OrderKindName;
  state: OrderStateName;
  price: bigint;
  fee: bigint;
  currency: Currency;
  at: number;
}

/** What settles a download: how many records were released. */
export interface ReleaseView {
  count: number;
  signers: readonly string[];
}

export interface OrderDetail extends OrderSummary {
  buyer: Hex;
  uses: bigint;
  version: number;
  gateway: Keeper;
  deliverBy: number;
  /** A download whose release is not reported by then is paid back; null before delivery and for other kinds. */
  reportBy: number | null;
  history: readonly { state: OrderStateName; at: number; transaction: Hex }[];
  refundReason: RefundReasonName | null;
  receipt: ReceiptView | null;
  release: ReleaseView | null;
  /** Whether somebody can be asked to rule on it, and until when; null where nobody is named or the time is not yet known. */
  disputeUntil: number | null;
  arbitrated: boolean;
  /** There is or was a dispute about it, with a page of its own. */
  disputed: boolean;
  /** Where the payment went, once settled. */
  split: readonly { label: string; amount: bigint }[] | null;
}

export interface ReceiptView {
  cohort: number;
  inputRoot: Hex;
  contributorsRoot: Hex;
  excludedRoot: Hex;
  grantBlock: number;
  consentBlock: number;
  /** In 10⁻⁹ zCDP rho. */
  privacyCost: bigint;
  attestation: string;
  signers: readonly string[];
}

export interface ModelSummary {
  id: Hex;
  title: string;
  developer: Hex;
  price: bigint;
  currency: Currency;
  uses: number;
}

/** A number that a model needs of a patient. */
export interface ModelInput {
  name: string;
  label: string;
  /** UCUM */
  unit: string;
  lower: number;
  upper: number;
}

export interface ModelParent {
  id: Hex;
  title: string;
  shareBps: number;
  contributorsRoot: Hex;
  proven: boolean;
}

export interface ModelDetail extends ModelSummary {
  description: string;
  /** What the model's answer is the probability of. */
  predicts: string | null;
  inputs: readonly ModelInput[];
  parents: readonly ModelParent[];
  gateway: Keeper;
  open: boolean;
  termsHash: Hex;
  token: Hex;
  custodianBps: number;
  curatorBps: number;
  feeBps: number;
  hash: Hex;
  /** What waits in the model's own pot for the people whose records taught it. */
  waiting: bigint;
  /** What has gone on to them so far. */
  passedOn: bigint;
}

export type ProposalState =
  "Pending" | "Active" | "Canceled" | "Defeated" | "Succeeded" | "Queued" | "Expired" | "Executed";

export type VoteChoice = "For" | "Against" | "Abstain";

/** A proposal as lists show it. Votes in 10⁻¹⁸ tokens, times in seconds since 1970. */
export interface ProposalSummary {
  /** Its number as 32 bytes. */
  id: Hex;
  title: string;
  state: ProposalState;
  proposer: Hex;
  forVotes: bigint;
  againstVotes: bigint;
  abstainVotes: bigint;
  /** Votes for and abstentions that it needs; null while the chain does not tell. */
  quorum: bigint | null;
  createdAt: number;
  startsAt: number;
  endsAt: number;
  /** From when on it may be carried out, once it is queued. */
  executableAt: number | null;
  /** When it was carried out or canceled. */
  endedAt: number | null;
}

/** One claim of a receipt, checked by the reader's own browser. */
export interface ReceiptCheck {
  claim: string;
  ok: boolean;
  detail: string;
}
