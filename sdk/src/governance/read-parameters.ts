import { parseAbi, type Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { boundsOn } from "./encode-parameter-change.ts";
import { parameters, type Bounds, type Parameter, type ParameterId } from "./parameters.ts";

/** A setting as it stands: a number in its unit, an address or a digest, with the bounds of this deployment. */
export type ParameterValue = { id: ParameterId; value: bigint | Hex; bounds?: Bounds };

/**
 * Reads every setting that votes reach, at the head, in the order of the table.
 * @throws SDK_CHAIN_UNREACHABLE
 */
export function readParameters(salus: SalusReader): Promise<ParameterValue[]> {
  return Promise.all(parameters.map((parameter) => readParameter(salus, parameter)));
}

async function readParameter(salus: SalusReader, parameter: Parameter): Promise<ParameterValue> {
  const value = await read(salus, parameter, parameter.getter);
  const bounds = boundsOn(parameter, salus.deployment.chainId);
  const known = { id: parameter.id as ParameterId, value };
  if (!bounds) return known;
  const most = parameter.mostGetter ? await read(salus, parameter, parameter.mostGetter) : bounds.most;
  return { ...known, bounds: { ...bounds, most: most as bigint } };
}

async function read(
  { publicClient, deployment }: SalusReader,
  { contract, readAt }: Parameter,
  getter: string,
): Promise<bigint | Hex> {
  const abi = parseAbi([getter]);
  const functionName = (abi[0] as { name: string }).name;
  try {
    const call = { address: deployment.contracts[readAt ?? contract]!, abi, functionName };
    const value: unknown = await publicClient.readContract(call as never);
    return typeof value === "number" ? BigInt(value) : (value as bigint | Hex);
  } catch (error) {
    throw await explainRevert(error);
  }
}
