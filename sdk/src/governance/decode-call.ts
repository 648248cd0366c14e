import {
  decodeFunctionData,
  getAbiItem,
  isAddressEqual,
  slice,
  type Abi,
  type AbiFunction,
  type Address,
} from "viem";
import type { ContractName, Deployment } from "../chain/deployment.ts";
import * as abis from "../generated/abis.ts";
import type { ProposedCall } from "./types.ts";

/** An argument of a decoded call. */
export type DecodedArgument = { name: string; type: string; value: unknown };

/** What a proposed call does, as far as its contract is one of the deployment's. */
export type DecodedCall = {
  target: Address;
  /** null for a contract that the deployment does not name */
  contract: ContractName | null;
  /** null where the contract has no such function */
  functionName: string | null;
  args: DecodedArgument[];
};

/**
 * Reads what a proposed call does. Anything may be proposed: what cannot be read says so by null.
 *
 * @example
 * decodeCall(deployment, { target: escrow, data: "0x…" }).functionName; // "setFee"
 */
export function decodeCall(deployment: Deployment, { target, data }: ProposedCall): DecodedCall {
  const contract = nameOf(deployment, target);
  const unread: DecodedCall = { target, contract, functionName: null, args: [] };
  if (contract === null) return unread;
  const abi = abiOf(contract);
  try {
    const { functionName, args } = decodeFunctionData({ abi, data });
    const { inputs } = getAbiItem({ abi, name: slice(data, 0, 4) }) as AbiFunction;
    const named = inputs.map(({ name, type }, index) => ({ name: name ?? "", type, value: args?.[index] }));
    return { ...unread, functionName, args: named };
  } catch {
    return unread; // another contract's function, or none
  }
}

/** A contract's ABI, by its name in the deployment. */
export function abiOf(contract: ContractName): Abi {
  const key = `${contract[0]!.toLowerCase()}${contract.slice(1)}Abi`;
  return (abis as unknown as Record<string, Abi>)[key] ?? [];
}

/** A contract's name in the deployment, by its address; null for any other. */
export function nameOf({ contracts }: Deployment, address: Address): ContractName | null {
  const found = Object.entries(contracts).find(([, known]) => known && isAddressEqual(known, address));
  return found ? (found[0] as ContractName) : null;
}
