/** The protocol on a test's chain, and what its people do, in calls of viem on the compiled contracts. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Abi,
  type Address,
  createPublicClient,
  createWalletClient,
  type Hex,
  http,
  type PublicClient,
  type WalletClient,
  toFunctionSelector,
} from "viem";
import { type HDAccount, mnemonicToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { chainUrl } from "./node.ts";

const artifacts = join(import.meta.dirname, "../../.cache/artifacts");
const MNEMONIC = "test test test test test test test test test test test junk";

export const chain: PublicClient = createPublicClient({
  chain: foundry,
  transport: http(chainUrl),
  pollingInterval: 50,
});
const wallet: WalletClient = createWalletClient({ chain: foundry, transport: http(chainUrl) });

/** Account of the local chain by its index. */
export function account(index: number): HDAccount {
  return mnemonicToAccount(MNEMONIC, { addressIndex: index });
}

export interface Contract {
  address: Address;
  abi: Abi;
}

function artifact(name: string): { abi: Abi; bytecode: Hex } {
  const [file] = globSync(`**/${name}.sol/${name}.json`, { cwd: artifacts });
  if (!file) throw new Error(`No artifact of ${name}. Compile first: npx hardhat build`);
  return JSON.parse(readFileSync(join(artifacts, file), "utf8"));
}

export async function deploy(from: HDAccount, name: string, args: unknown[] = []): Promise<Contract> {
  const { abi, bytecode } = artifact(name);
  const hash = await wallet.deployContract({ account: from, chain: foundry, abi, bytecode, args });
  const receipt = await chain.waitForTransactionReceipt({ hash });
  return { address: receipt.contractAddress!, abi };
}

/** Sends a call without waiting for its block. */
export async function send(
  from: HDAccount,
  to: Contract,
  functionName: string,
  args: unknown[] = [],
): Promise<Hex> {
  return wallet.writeContract({ account: from, chain: foundry, ...to, functionName, args, gas: 3_000_000n });
}

/** Sends a call, with `value` wei if it takes some, and waits; a call that reverts says why. */
export async function act(
  from: HDAccount,
  to: Contract,
  functionName: string,
  args: unknown[] = [],
  value?: bigint,
): Promise<Hex> {
  const call = { account: from, ...to, functionName, args, ...(value !== undefined && { value }) };
  const { result: _, request } = await chain.simulateContract(call as any);
  const hash = await wallet.writeContract(request as any);
  const receipt = await chain.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") throw new Error(`${functionName} reverted`);
  return hash;
}

export async function read<T>(from: Contract, functionName: string, args: unknown[] = []): Promise<T> {
  return (await chain.readContract({ ...from, functionName, args })) as T;
}

export interface Protocol {
  manager: Contract;
  gateways: Contract;
  assets: Contract;
  consents: Contract;
  payouts: Contract;
  dataUse: Contract;
  escrow: Contract;
  mandates: Contract;
  issuance: Contract;
  token: Contract;
  timelock: Contract;
  governor: Contract;
  dollar: Contract;
  logs: Contract;
  slashing: Contract;
  panels: Contract;
  treasury: Contract;
  channels: Contract;
  rewards: Contract;
}

export const WINDOWS = { minDelivery: 10, maxDelivery: 100_000, dispute: 20, report: 40, ruling: 60 };
export const NOTICE = 30;
/** So long that none ends while a test is slow: only `pass` gets there. */
export const REWARDS = { challenge: 600, answer: 400, lapse: 1_000_000, bond: 1n };
export const commons: Address = "0x00000000000000000000000000000000C0330115".toLowerCase() as Address;

/** Deploys everything; account 0 keeps the powers that a vote would have, and the timelock gets them too. */
export async function deployProtocol(
  admin: HDAccount,
  holders: Address[],
  amounts: bigint[],
): Promise<Protocol> {
  const manager = await deploy(admin, "AccessManager", [admin.address]);
  const dollar = await deploy(admin, "TestDollar");
  const gateways = await deploy(admin, "GatewayRegistry", [manager.address, dollar.address, 30]);
  const assets = await deploy(admin, "AssetRegistry", [manager.address, gateways.address, NOTICE]);
  const consents = await deploy(admin, "ConsentRegistry", [assets.address, gateways.address, 20]);
  const rewards = await deploy(admin, "ContributorRewards", [
    assets.address,
    gateways.address,
    consents.address,
    commons,
    REWARDS,
  ]);
  const payouts = await deploy(admin, "Payouts", [assets.address, rewards.address]);
  const dataUse = await deploy(admin, "DataUseAuthority", [manager.address]);
  const escrow = await deployEscrow(admin, { manager, assets, gateways, payouts, dataUse }, 250);
  const mandates = await mandatesOf(escrow);
  const issued = [manager.address, escrow.address, dollar.address, 100_000n, holders, amounts];
  const issuance = await deploy(admin, "Issuance", issued);
  const token = { address: await read<Address>(issuance, "token"), abi: artifact("SalusToken").abi };
  const timelock = await deploy(admin, "SalusTimelock", [5n, admin.address]);
  const settings = {
    votingDelay: 2,
    votingPeriod: 30,
    proposalThresholdBps: 50n,
    quorumPercent: 10n,
    lateQuorumExtension: 5,
    holdingPeriod: 1,
    guardian: admin.address,
    // By the chain's clock, which is not that of this machine.
    guardianUntil: Number((await chain.getBlock()).timestamp) + 300 * 24 * 3600,
  };
  const governor = await deploy(admin, "SalusGovernor", [token.address, timelock.address, settings]);
  for (const role of ["PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE"]) {
    await act(admin, timelock, "grantRole", [await read(timelock, role), governor.address]);
  }
  await act(admin, manager, "grantRole", [0n, timelock.address, 0]);
  await act(admin, assets, "allowToken", [dollar.address]);
  await act(admin, assets, "setEscrow", [escrow.address]);
  const conduct = await deployConduct(admin, { manager, assets, gateways, consents, payouts, dataUse });
  const market = { manager, gateways, assets, consents, payouts, dataUse, escrow, mandates, dollar, rewards };
  const treasury = await deploy(admin, "Treasury", [manager.address, 500, 10, 10]);
  return { ...market, issuance, token, timelock, governor, treasury, ...conduct };
}

/** The mandates that an escrow made in its constructor. */
export async function mandatesOf(escrow: Contract): Promise<Contract> {
  return { address: await read<Address>(escrow, "mandates"), abi: artifact("Mandates").abi };
}

/** A contract whose address came out of an event. */
export function contractAt(name: string, address: Address): Contract {
  return { address, abi: artifact(name).abi };
}

export async function deployEscrow(
  admin: HDAccount,
  at: Pick<Protocol, "manager" | "assets" | "gateways" | "payouts" | "dataUse">,
  feeBps: number,
): Promise<Contract> {
  const parts = [at.manager, at.assets, at.gateways, at.payouts, at.dataUse].map(({ address }) => address);
  return deploy(admin, "AccessEscrow", [...parts, commons, feeBps, WINDOWS]);
}

/** Checkpoints, slashing, panels and usage channels. Slashing and panels get the roles that the deployment gives them. */
async function deployConduct(
  admin: HDAccount,
  at: Pick<Protocol, "manager" | "assets" | "gateways" | "consents" | "payouts" | "dataUse">,
): Promise<Pick<Protocol, "logs" | "slashing" | "panels" | "channels">> {
  const { manager, assets, gateways, consents, payouts, dataUse } = at;
  const logs = await deploy(admin, "LogCheckpoints", [gateways.address]);
  const parts = {
    gateways: gateways.address,
    assets: assets.address,
    consents: consents.address,
    logs: logs.address,
    payouts: payouts.address,
    commons,
  };
  const slashing = await deploy(admin, "Slashing", [parts, 5_000, 2_000]);
  const selector = toFunctionSelector("slash(uint16,uint128)");
  await act(admin, manager, "setTargetFunctionRole", [gateways.address, [selector], 1n]);
  await act(admin, manager, "grantRole", [1n, slashing.address, 0]);
  const dollar = await read<Address>(gateways, "stakeToken");
  const about = {
    assets: assets.address,
    gateways: gateways.address,
    consents: consents.address,
    payouts: payouts.address,
    commons,
    stakeToken: dollar,
  };
  const panels = await deploy(admin, "Panels", [manager.address, about, 1_000_000, 2_500]);
  await act(admin, manager, "grantRole", [1n, panels.address, 0]);
  const used = [assets, gateways, payouts, dataUse].map(({ address }) => address);
  const channels = await deploy(admin, "UsageChannel", [...used, commons, 20]);
  return { logs, slashing, panels, channels };
}
