import { readFileSync } from "node:fs";
import * as v from "valibot";
import { WebError } from "#lib/errors.ts";
import type { PublicConfig } from "#lib/config.ts";
import type { GatewayAddress } from "./env-schema.ts";

const Address = v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{40}$/, "must be a 20-byte address"));
const Deployment = v.object({
  chainId: v.number(),
  startBlock: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  contracts: v.record(v.string(), Address),
});

/** What is known without asking the chain. */
export type StaticConfig = Omit<PublicConfig, "currencies">;

/** The settings that the public configuration is made of. */
export interface ConfigSource {
  deployment: string | undefined;
  chainId: number;
  gateways: readonly GatewayAddress[];
}

/**
 * Reads what every browser may know: chain id, contract addresses, gateway names (never their addresses).
 * @throws WEB_DEPLOYMENT when the file is missing, malformed or of another chain
 */
export function readStaticConfig(source: ConfigSource): StaticConfig {
  const { contracts, startBlock } =
    source.deployment === undefined
      ? { contracts: {}, startBlock: 0 }
      : readDeployment(source.deployment, source.chainId);
  const gateways = source.gateways.map((gateway) => gateway.name);
  return { chainId: source.chainId, contracts, startBlock, gateways };
}

function readDeployment(path: string, chainId: number): Pick<StaticConfig, "contracts" | "startBlock"> {
  const parsed = v.safeParse(Deployment, readDeploymentJson(path));
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw deploymentError(`${v.getDotPath(issue) ?? "the file"}: ${issue.message}`);
  }
  if (parsed.output.chainId !== chainId) {
    throw deploymentError(`the file is for chain ${parsed.output.chainId}, SALUS_CHAIN_ID says ${chainId}`);
  }
  const { contracts, startBlock } = parsed.output;
  return { contracts: contracts as Record<string, `0x${string}`>, startBlock };
}

function readDeploymentJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new WebError("WEB_DEPLOYMENT", { detail: "SALUS_DEPLOYMENT cannot be read as JSON.", cause });
  }
}

function deploymentError(why: string): WebError {
  return new WebError("WEB_DEPLOYMENT", { detail: `SALUS_DEPLOYMENT: ${why}` });
}
