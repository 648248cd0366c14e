import type { Currency } from "#lib/money.ts";

export type Hex = `0x${string}`;

/** A dataset as lists show it. Money in the token's smallest unit, time in seconds since 1970. */
export interface DatasetSummary {
  id: string;
  title: string;
  /** Name of the institution whose gateway is custodian. */
  custodian: string;
  conditions: readonly string[];
  /** Records in the current version. */
  records: number;
  version: number;
  price: bigint;
  currency: Currency;
  /** Data Use Ontology terms as bits. */
  duo: bigint;
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

export interface OrderSummary {
  id: Hex;
  asset: string;
  assetTitle: string;
  kind: OrderKindName;
  state: OrderStateName;
  price: bigint;
  fee: bigint;
  currency: Currency;
  at: number;
}

export interface OrderDetail extends OrderSummary {
  uses: bigint;
  version: number;
  deliverBy: number;
  history: readonly { state: OrderStateName; at: number; transaction: Hex }[];
  refundReason: string | null;
  receipt: ReceiptView | null;
  /** Where the payment went, once settled. */
  split: readonly { label: string; amount: bigint }[] | null;
}

export interface ReceiptView {
  cohort: number;
  inputRoot: Hex;
  contributorsRoot: Hex;
  grantBlock: number;
  consentBlock: number;
  /** In 10⁻⁹ zCDP rho. */
  privacyCost: bigint;
  attestation: string;
  signers: readonly string[];
}

export interface ModelSummary {
  id: string;
  title: string;
  developer: Hex;
  price: bigint;
  currency: Currency;
  uses: number;
}

export interface ModelDetail extends ModelSummary {
  description: string;
  inputs: readonly DatasetColumn[];
  parents: readonly { id: string; title: string; shareBps: number; proven: boolean }[];
  custodianBps: number;
  curatorBps: number;
  feeBps: number;
  hash: Hex;
}

export type ProposalState =
  "Pending" | "Active" | "Canceled" | "Defeated" | "Succeeded" | "Queued" | "Expired" | "Executed";

export interface ProposalSummary {
  id: string;
  title: string;
  state: ProposalState;
  forVotes: bigint;
  againstVotes: bigint;
  abstainVotes: bigint;
  endsAt: number;
}

/** One claim of a receipt, checked by the reader's own browser. */
export interface ReceiptCheck {
  claim: string;
  ok: boolean;
  detail: string;
}
