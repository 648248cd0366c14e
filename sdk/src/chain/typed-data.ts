import { EIP712_TYPES } from "../generated/eip712.ts";
import type {
  Acceptance,
  Attestation,
  AttestationRevocation,
  Cancellation,
  Channel,
  Checkpoint,
  Claim,
  CloseRequest,
  Closing,
  Contest,
  Failure,
  Grant,
  HandOver,
  Mandate,
  Order,
  ProxyGrant,
  ProxyNaming,
  ProxyRemoval,
  ProxyRevocation,
  Receipt,
  ReleaseReport,
  Revocation,
  RewardRoot,
  UsageReceipt,
  Voucher,
} from "../types.ts";
import type { Deployment } from "./deployment.ts";

/** Structs that people and gateways sign, by their EIP-712 name. */
export type SignedTypes = {
  Order: Order;
  Receipt: Receipt;
  Failure: Failure;
  ReleaseReport: ReleaseReport;
  Acceptance: Acceptance;
  Mandate: Mandate;
  Cancellation: Cancellation;
  Grant: Grant;
  Revocation: Revocation;
  HandOver: HandOver;
  Contest: Contest;
  ProxyNaming: ProxyNaming;
  ProxyRemoval: ProxyRemoval;
  ProxyGrant: ProxyGrant;
  ProxyRevocation: ProxyRevocation;
  Attestation: Attestation;
  AttestationRevocation: AttestationRevocation;
  RewardRoot: RewardRoot;
  Claim: Claim;
  Checkpoint: Checkpoint;
  Channel: Channel;
  Voucher: Voucher;
  Closing: Closing;
  CloseRequest: CloseRequest;
  UsageReceipt: UsageReceipt;
};

/** Each signed struct and the contract whose EIP-712 domain it belongs to. */
const VERIFIERS = {
  Order: "AccessEscrow",
  Receipt: "AccessEscrow",
  Failure: "AccessEscrow",
  ReleaseReport: "AccessEscrow",
  Acceptance: "AccessEscrow",
  Mandate: "Mandates",
  Cancellation: "Mandates",
  Grant: "ConsentRegistry",
  Revocation: "ConsentRegistry",
  HandOver: "ConsentRegistry",
  Contest: "ConsentRegistry",
  ProxyNaming: "ConsentRegistry",
  ProxyRemoval: "ConsentRegistry",
  ProxyGrant: "ConsentRegistry",
  ProxyRevocation: "ConsentRegistry",
  Attestation: "DataUseAuthority",
  AttestationRevocation: "DataUseAuthority",
  RewardRoot: "ContributorRewards",
  Claim: "ContributorRewards",
  Checkpoint: "LogCheckpoints",
  Channel: "UsageChannel",
  Voucher: "UsageChannel",
  Closing: "UsageChannel",
  CloseRequest: "UsageChannel",
  UsageReceipt: "UsageChannel",
} as const satisfies Record<keyof SignedTypes, keyof Deployment["contracts"]>;

/** The EIP-712 typed data of a signed struct, as wallets and viem's `signTypedData` take it. */
export function typedData<T extends keyof SignedTypes>(
  deployment: Deployment,
  primaryType: T,
  message: SignedTypes[T],
) {
  const verifier = VERIFIERS[primaryType];
  return {
    domain: {
      name: `Salus ${verifier}`,
      version: "1",
      chainId: deployment.chainId,
      verifyingContract: deployment.contracts[verifier],
    },
    types: { [primaryType]: EIP712_TYPES[primaryType] },
    primaryType,
    message,
  };
}
