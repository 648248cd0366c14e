import { encodeAbiParameters, hexToBigInt, keccak256, toHex } from "viem";
import type { Proposal } from "./types.ts";

/** The arguments that Governor functions take for a proposal. */
export function proposalArguments({ calls, description }: Proposal) {
  return {
    targets: calls.map(({ target }) => target),
    values: calls.map(({ value }) => value ?? 0n),
    calldatas: calls.map(({ data }) => data),
    descriptionHash: keccak256(toHex(description)),
  };
}

/** A proposal's id, as `Governor.hashProposal` computes it. */
export function proposalId(proposal: Proposal): bigint {
  const { targets, values, calldatas, descriptionHash } = proposalArguments(proposal);
  const types = [
    { type: "address[]" },
    { type: "uint256[]" },
    { type: "bytes[]" },
    { type: "bytes32" },
  ] as const;
  return hexToBigInt(keccak256(encodeAbiParameters(types, [targets, values, calldatas, descriptionHash])));
}
