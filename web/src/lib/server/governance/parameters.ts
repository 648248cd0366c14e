import type { SalusReader } from "@salus/sdk/chain/client";
import type { ContractName } from "@salus/sdk/chain/deployment";
import { abiOf } from "@salus/sdk/governance/decode-call";
import type { Observation } from "@salus/sdk/governance/simulate-proposal";
import { decodeFunctionResult, encodeFunctionData, type Hex } from "viem";
import { PARAMETERS, type ParameterRow } from "#lib/governance/table.ts";
import { fromChain } from "./chain.ts";

/** A setting with its value in force, in decimal digits or as an address. */
export interface ParameterValue extends ParameterRow {
  value: string;
}

/** Every setting that votes change, with its value in force. @throws WEB_RPC_UNREACHABLE */
export function readParameterValues(
  reader: SalusReader,
  rows: readonly ParameterRow[] = PARAMETERS,
): Promise<ParameterValue[]> {
  return fromChain(() =>
    Promise.all(
      rows.map(async (row) => {
        const { address, data } = observationOf(reader, row);
        const { data: answer = "0x" } = await reader.publicClient.call({ to: address, data });
        return { ...row, value: valueOf(row, answer) };
      }),
    ),
  );
}

/** How a setting is read. */
export function observationOf({ deployment }: SalusReader, { contract, getter }: ParameterRow): Observation {
  const name = contract as ContractName;
  const data = encodeFunctionData({ abi: abiOf(name), functionName: getter });
  return { address: deployment.contracts[name]!, data };
}

/** What the chain answered for a setting. */
export function valueOf({ contract, getter }: ParameterRow, data: Hex): string {
  return String(decodeFunctionResult({ abi: abiOf(contract as ContractName), functionName: getter, data }));
}
