import { encodeFunctionData, parseAbi, type Hex } from "viem";
import type { Deployment } from "../chain/deployment.ts";
import { SalusError } from "../errors.ts";
import { parameters, type Bounds, type Parameter, type ParameterId } from "./parameters.ts";
import type { ProposedCall } from "./types.ts";

const LOCAL_CHAIN_ID = 31337;

/** A setting by its id. @throws SDK_PARAMETER_UNKNOWN */
export function parameterOf(id: string): Parameter {
  const found = parameters.find((parameter) => parameter.id === id);
  if (found) return found;
  throw new SalusError({ code: "SDK_PARAMETER_UNKNOWN", message: `No vote sets ${id}.`, details: { id } });
}

/** The bounds that hold on a deployment's chain: periods may be short on a local one. */
export function boundsOn({ bounds }: Parameter, chainId: number): Bounds | undefined {
  if (!bounds) return undefined;
  const { least, most, leastLocal } = bounds;
  return { least: chainId === LOCAL_CHAIN_ID ? (leastLocal ?? least) : least, most };
}

/**
 * The call that changes a setting, for a proposal.
 * @param values what the setter takes: one value, but for the table of diseases its root and the digest of its file
 * @throws SDK_PARAMETER_UNKNOWN, SDK_PARAMETER_OUT_OF_BOUNDS
 * @example encodeParameterChange(deployment, "AccessEscrow.feeBps", [300n])
 */
export function encodeParameterChange(
  deployment: Deployment,
  id: ParameterId,
  values: readonly (bigint | Hex)[],
): ProposedCall {
  const parameter = parameterOf(id);
  const bounds = boundsOn(parameter, deployment.chainId);
  const [value] = values;
  if (bounds && (typeof value !== "bigint" || value < bounds.least || value > bounds.most)) {
    throw new SalusError({
      code: "SDK_PARAMETER_OUT_OF_BOUNDS",
      message: `${parameter.title} is between ${bounds.least} and ${bounds.most} ${parameter.unit}, not ${value}.`,
      details: { id, least: bounds.least, most: bounds.most },
    });
  }
  const abi = parseAbi([parameter.setter]);
  const data = encodeFunctionData({ abi, args: values } as never);
  return { target: deployment.contracts[parameter.contract]!, data };
}
