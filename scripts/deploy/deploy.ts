import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { Address, Hex } from "viem";
import type { Deployment } from "../../sdk/src/chain/deployment.ts";
import { localDeploymentProfile } from "./local.ts";
import { salusModule, type GenesisGateway } from "./module.ts";
import { LOCAL_CHAIN_ID, type Profile } from "./profiles.ts";

/** Ids of the module's contracts → the names that the rest of the house uses. */
const NAMES = {
  accessManager: "AccessManager",
  gatewayRegistry: "GatewayRegistry",
  assetRegistry: "AssetRegistry",
  consentRegistry: "ConsentRegistry",
  contributorRewards: "ContributorRewards",
  logCheckpoints: "LogCheckpoints",
  payouts: "Payouts",
  dataUseAuthority: "DataUseAuthority",
  issuance: "Issuance",
  salusToken: "SalusToken",
  timelock: "TimelockController",
  governor: "SalusGovernor",
  escrow: "AccessEscrow",
  mandates: "Mandates",
  panels: "Panels",
  slashing: "Slashing",
  usageChannel: "UsageChannel",
  treasury: "Treasury",
  testDollar: "TestDollar",
} as const;

/**
 * Deploys Salus on the chain of a Hardhat connection, by Ignition.
 * @throws if a profile for local chains meets another chain
 */
export async function deployOn(
  connection: NetworkConnection<string>,
  profile: Profile,
  gateways: GenesisGateway[],
): Promise<Deployment> {
  const publicClient = await connection.viem.getPublicClient();
  const chainId = await publicClient.getChainId();
  if (profile.local && chainId !== LOCAL_CHAIN_ID) {
    throw new Error(`The local profile is for chain ${LOCAL_CHAIN_ID} only; this chain is ${chainId}.`);
  }
  const startBlock = Number(await publicClient.getBlockNumber());
  const [deployer] = await connection.viem.getWalletClients();
  const module = salusModule(deployer!.account.address, profile, gateways);
  const deployed: Record<string, { address: Address }> = await (profile.local
    ? deployAfresh(connection, module)
    : connection.ignition.deploy(module));
  const contracts = Object.fromEntries(
    Object.entries(NAMES)
      .filter(([id]) => deployed[id])
      .map(([id, name]) => [name, deployed[id]!.address]),
  );
  return { chainId, startBlock, contracts } as Deployment;
}

/**
 * Local chains come and go under one chain id, so Ignition's journal of an earlier one must not be continued: each
 * deployment gets a journal of its own, removed at the end. They also mine at once; Ignition's second between two looks
 * would be most of the time that it takes.
 */
async function deployAfresh(connection: NetworkConnection<string>, module: ReturnType<typeof salusModule>) {
  const deploymentId = `local-${randomUUID()}`;
  try {
    return await connection.ignition.deploy(module, { deploymentId, config: { blockPollingInterval: 50 } });
  } finally {
    rmSync(join(hre.config.paths.ignition, "deployments", deploymentId), { recursive: true, force: true });
  }
}

/** What the local stack asks for. */
export type LocalDeployment = {
  rpcUrl: string;
  outFile: string;
  gateways: {
    name: string;
    url: string;
    operator: Address;
    signer: Address;
    hpkePublicKey: Hex;
  }[];
};

/** Deploys on a local chain by URL, with its short periods, and writes the deployment file, whole or not at all. */
export async function deploy({ rpcUrl, outFile, gateways }: LocalDeployment): Promise<Deployment> {
  const connection = await hre.network.connect({ network: "local", override: { url: rpcUrl } as never });
  try {
    const genesis = gateways.map(({ hpkePublicKey, ...gateway }) => ({
      ...gateway,
      sealingKey: hpkePublicKey,
    }));
    const deployment = await deployOn(connection, localDeploymentProfile(), genesis);
    mkdirSync(dirname(outFile), { recursive: true });
    writeFileSync(`${outFile}.new`, `${JSON.stringify(deployment, null, 2)}\n`);
    renameSync(`${outFile}.new`, outFile);
    return deployment;
  } finally {
    await connection.close();
  }
}
