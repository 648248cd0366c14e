import { existsSync } from "node:fs";
import { join } from "node:path";
import { StackError } from "./errors.ts";
import { readJson } from "./files.ts";
import type { Gateway } from "./gateways.ts";
import { runTask } from "./task.ts";
import { rpc } from "./rpc.ts";
import type { StackContext } from "./service.ts";

/** The addresses file that the deployment writes. */
export interface Deployment {
  chainId?: number;
  /** Address by contract name. */
  contracts: Record<string, string>;
  /** First block that can hold an event of theirs. */
  startBlock?: number;
}

/** Ether that each gateway's operator has on the local chain, in wei: enough for years of transactions. */
const OPERATOR_BALANCE = 10n ** 20n;

/**
 * Deploys the contracts by the function `deploy` of the given module, unless the addresses file is there and the chain has code at each
 * of them. The gateways' public keys and URLs go with it, to be admitted; their operators get ether.
 * @throws STACK_DEPLOYMENT when the file and the chain do not belong together
 */
export async function ensureDeployment(
  context: StackContext,
  rpcUrl: string,
  gateways: Gateway[],
  module: string,
): Promise<Deployment> {
  const outFile = deploymentPath(context.stateDir);
  await Promise.all(gateways.map(({ keys }) => fund(rpcUrl, keys.operator)));
  const known = readJson<Deployment>(outFile);
  if (known) return checkCode(known, rpcUrl, outFile);
  await runTask(context, {
    name: "deploy",
    module,
    functionName: "deploy",
    argument: {
      rpcUrl,
      outFile,
      gateways: gateways.map(({ name, url, keys }) => ({
        name,
        url,
        operator: keys.operator,
        signer: keys.signer,
        hpkePublicKey: keys.sealingPublicKey,
      })),
    },
  });
  const made = readJson<Deployment>(outFile);
  if (!made) throw new StackError("STACK_DEPLOYMENT", `The deployment ended well but wrote no ${outFile}.`);
  return checkCode(made, rpcUrl, outFile);
}

export function deploymentPath(stateDir: string): string {
  return join(stateDir, "deployment.json");
}

/** The addresses file if there is one; its contracts are empty otherwise. */
export function readDeployment(stateDir: string): Deployment {
  const path = deploymentPath(stateDir);
  return existsSync(path) ? (readJson<Deployment>(path) as Deployment) : { contracts: {} };
}

async function checkCode(deployment: Deployment, rpcUrl: string, path: string): Promise<Deployment> {
  const entries = Object.entries(deployment.contracts ?? {});
  if (entries.length === 0) throw new StackError("STACK_DEPLOYMENT", `${path} names no contract.`);
  for (const [name, address] of entries) {
    if ((await rpc<string>(rpcUrl, "eth_getCode", [address, "latest"])) === "0x") {
      throw new StackError(
        "STACK_DEPLOYMENT",
        `The chain has no code at ${address}, where ${path} has ${name}.`,
      );
    }
  }
  return deployment;
}

async function fund(rpcUrl: string, address: string): Promise<void> {
  const balance = BigInt(await rpc<string>(rpcUrl, "eth_getBalance", [address, "latest"]));
  if (balance >= OPERATOR_BALANCE / 10n) return;
  await rpc(rpcUrl, "anvil_setBalance", [address, `0x${OPERATOR_BALANCE.toString(16)}`]);
}
