import * as v from "valibot";
import type { Address } from "viem";
import { SalusError } from "../errors.ts";
import { CONTRACT_NAMES } from "../generated/abis.ts";

/** Names of the contracts of a deployment. */
export type ContractName = (typeof CONTRACT_NAMES)[number];

/** Where Salus stands on one chain: the content of a deployment file. */
export type Deployment = {
  chainId: number;
  /** block from which events are read */
  startBlock: number;
  /** `TestDollar` stands on local chains only */
  contracts: Record<Exclude<ContractName, "TestDollar">, Address> & { TestDollar?: Address };
};

const address = v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{40}$/));
const schema = v.object({
  chainId: v.pipe(v.number(), v.integer(), v.minValue(1)),
  startBlock: v.pipe(v.number(), v.integer(), v.minValue(0)),
  contracts: v.object({
    ...Object.fromEntries(
      CONTRACT_NAMES.filter((name) => name !== "TestDollar").map((name) => [name, address]),
    ),
    TestDollar: v.optional(address),
  }),
});

/**
 * Checks the content of a deployment file.
 * @throws SDK_DEPLOYMENT_INVALID naming the first wrong member
 */
export function parseDeployment(value: unknown): Deployment {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output as Deployment;
  const path = v.getDotPath(result.issues[0]) ?? "the file";
  throw new SalusError({
    code: "SDK_DEPLOYMENT_INVALID",
    message: `The deployment file is not valid at ${path}.`,
    hint: "Deploy the contracts again, or point at the deployment file that belongs to this chain.",
    details: { path },
  });
}
