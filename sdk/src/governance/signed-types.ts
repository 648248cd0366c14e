import type { Address } from "viem";
import type { Deployment } from "../chain/deployment.ts";

/* What OpenZeppelin's Governor and Votes take by signature. Their structs are in no ABI. */

/** A vote with its reason. `nonce` is the voter's at the governor. */
export type Ballot = { proposalId: bigint; support: number; voter: Address; nonce: bigint; reason: string };

/** A delegation of the signer's votes. `nonce` is the signer's at the token; `expiry` in seconds since 1970. */
export type Delegation = { delegatee: Address; nonce: bigint; expiry: bigint };

/** The EIP-712 typed data of a vote. */
export function ballotData({ chainId, contracts }: Deployment, ballot: Ballot) {
  return {
    domain: domainOf("Salus Governor", chainId, contracts.SalusGovernor),
    types: {
      ExtendedBallot: [
        { name: "proposalId", type: "uint256" },
        { name: "support", type: "uint8" },
        { name: "voter", type: "address" },
        { name: "nonce", type: "uint256" },
        { name: "reason", type: "string" },
        { name: "params", type: "bytes" },
      ],
    },
    primaryType: "ExtendedBallot",
    message: { ...ballot, params: "0x" },
  } as const;
}

/** The EIP-712 typed data of a delegation. */
export function delegationData({ chainId, contracts }: Deployment, delegation: Delegation) {
  return {
    domain: domainOf("Salus", chainId, contracts.SalusToken),
    types: {
      Delegation: [
        { name: "delegatee", type: "address" },
        { name: "nonce", type: "uint256" },
        { name: "expiry", type: "uint256" },
      ],
    },
    primaryType: "Delegation",
    message: delegation,
  } as const;
}

function domainOf(name: string, chainId: number, verifyingContract: Address) {
  return { name, version: "1", chainId, verifyingContract };
}
