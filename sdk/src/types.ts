import type { AbiParameterToPrimitiveType } from "viem";
import type {
  EIP712_TYPES,
  EVIDENCE_ABI,
  LISTING_ABI,
  PARENT_ABI,
  PAYMENT_ABI,
  TERMS_ABI,
  VERSION_ABI,
} from "./generated/eip712.ts";

type Struct<T extends readonly { name: string; type: string }[]> = {
  [P in T[number] as P["name"]]: AbiParameterToPrimitiveType<P>;
};

/** An order's fixed part; its EIP-712 digest is the order's id. See `contracts/types/OrderTypes.sol`. */
export type Order = Struct<(typeof EIP712_TYPES)["Order"]>;
/** What executor and cosigners state about one run. */
export type Receipt = Struct<(typeof EIP712_TYPES)["Receipt"]>;
/** Why an order could not be carried out. */
export type Failure = Struct<(typeof EIP712_TYPES)["Failure"]>;
/** Which records were released for a download. */
export type ReleaseReport = Struct<(typeof EIP712_TYPES)["ReleaseReport"]>;
/** A buyer's word that what was delivered may be paid for at once. */
export type Acceptance = Struct<(typeof EIP712_TYPES)["Acceptance"]>;
/** A standing order's fixed part; its EIP-712 digest is the mandate's id. See `contracts/types/MandateTypes.sol`. */
export type Mandate = Struct<(typeof EIP712_TYPES)["Mandate"]>;
/** A buyer's word that a mandate ends. */
export type Cancellation = Struct<(typeof EIP712_TYPES)["Cancellation"]>;
/** A grant as its subject signs it. */
export type Grant = Struct<(typeof EIP712_TYPES)["Grant"]>;
/** A revocation as its subject signs it. */
export type Revocation = Struct<(typeof EIP712_TYPES)["Revocation"]>;
/** A person takes over a provisional subject, as the code's key and the custodian sign it. */
export type HandOver = Struct<(typeof EIP712_TYPES)["HandOver"]>;
/** An objection to a hand-over, as the code's key or the custodian signs it. */
export type Contest = Struct<(typeof EIP712_TYPES)["Contest"]>;
/** A person lets a key speak for a subject. */
export type ProxyNaming = Struct<(typeof EIP712_TYPES)["ProxyNaming"]>;
/** A person takes a proxy's rights back. */
export type ProxyRemoval = Struct<(typeof EIP712_TYPES)["ProxyRemoval"]>;
/** A grant as a proxy signs it. */
export type ProxyGrant = Struct<(typeof EIP712_TYPES)["ProxyGrant"]>;
/** A revocation as a proxy signs it. */
export type ProxyRevocation = Struct<(typeof EIP712_TYPES)["ProxyRevocation"]>;
/** An issuer's word that a term's condition is met by one use, as the issuer signs it. */
export type Attestation = Struct<(typeof EIP712_TYPES)["Attestation"]>;
/** An issuer's withdrawal of an attestation, as the issuer signs it. */
export type AttestationRevocation = Struct<(typeof EIP712_TYPES)["AttestationRevocation"]>;
/** What a buyer presents with an order. */
export type Evidence = AbiParameterToPrimitiveType<(typeof EVIDENCE_ABI)[0]>;
/** What a dataset's gateways state about everything its contributors ever earned in one token. */
export type RewardRoot = Struct<(typeof EIP712_TYPES)["RewardRoot"]>;
/** A claim paid to any address, as the subject or who controls it signs it. */
export type Claim = Struct<(typeof EIP712_TYPES)["Claim"]>;
/** The state of a gateway's transparency log at one moment, as gateways sign it. */
export type Checkpoint = Struct<(typeof EIP712_TYPES)["Checkpoint"]>;
/** A usage channel's fixed part; its EIP-712 digest is the channel's id. See `contracts/types/ChannelTypes.sol`. */
export type Channel = Struct<(typeof EIP712_TYPES)["Channel"]>;
/** A payer's word on what is owed in all so far. */
export type Voucher = Struct<(typeof EIP712_TYPES)["Voucher"]>;
/** A custodian's word that nothing more than an amount will be claimed. */
export type Closing = Struct<(typeof EIP712_TYPES)["Closing"]>;
/** A payer's wish to close a channel. */
export type CloseRequest = Struct<(typeof EIP712_TYPES)["CloseRequest"]>;
/** What a custodian states about one call of a model. */
export type UsageReceipt = Struct<(typeof EIP712_TYPES)["UsageReceipt"]>;
/** A dataset's terms, in full. */
export type Terms = AbiParameterToPrimitiveType<(typeof TERMS_ABI)[0]>;
/** What a curator states when listing. */
export type Listing = AbiParameterToPrimitiveType<(typeof LISTING_ABI)[0]>;
/** One immutable state of an asset. */
export type Version = AbiParameterToPrimitiveType<(typeof VERSION_ABI)[0]>;
/** One parent of a model. */
export type Parent = AbiParameterToPrimitiveType<(typeof PARENT_ABI)[0]>;
/** What a vote decides to pay from the treasury; a grant where it has a duration. */
export type Payment = AbiParameterToPrimitiveType<(typeof PAYMENT_ABI)[0]>;
