import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { custom, toHex, type Account, type Hex } from "viem";
import { mnemonicToAccount, privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { connect, connectAs, type Deployment, type SalusReader, type SalusWriter } from "@salus/sdk";
import { deployOn } from "../../scripts/deploy/deploy.ts";
import type { GenesisGateway } from "../../scripts/deploy/module.ts";
import { demoDataUse } from "../../scripts/deploy/local.ts";
import {
  localProfile,
  productionProfile,
  type GenesisPanel,
  type Profile,
} from "../../scripts/deploy/profiles.ts";

const MNEMONIC = "test test test test test test test test test test test junk";

/** Account of the development mnemonic, funded on every local chain. */
export function devAccount(index: number) {
  return mnemonicToAccount(MNEMONIC, { addressIndex: index });
}

/** A gateway of the test: its signing key, and its operator as a development account. */
export type TestGateway = { index: number; operator: Account; signer: PrivateKeyAccount };

export type LocalChain = {
  deployment: Deployment;
  /** the chain's own JSON-RPC, without a client's retries */
  provider: NetworkConnection["provider"];
  reader: SalusReader;
  gateways: TestGateway[];
  as(account: Account): SalusWriter;
  /** mines a block `seconds` after the last one */
  advance(seconds: number): Promise<void>;
  close(): Promise<void>;
};

/**
 * Deploys Salus on Hardhat's in-process network. Accounts 1 to 3 operate the gateways, 10 to 12 vote.
 * @param override settings of the network other than the project's
 * @param panel arbitrators who are in office from the beginning
 * @param windows seconds of the order's life, longer where a test must not be a race
 */
export async function startLocalChain(
  override: Record<string, unknown> = {},
  panel?: GenesisPanel,
  windows: Partial<Profile["windows"]> = {},
): Promise<LocalChain> {
  const connection = await hre.network.connect({ network: "memory", override: override as never });
  const local = localProfile(VOTERS, demoDataUse());
  const profile = { ...local, windows: { ...local.windows, ...windows } };
  return open(connection, panel ? { ...profile, disputes: { ...profile.disputes, panel } } : profile);
}

/** A chain id that is neither local nor anybody's. */
export const PUBLIC_CHAIN_ID = 900_001;

/** The account that is proposal guardian on a production chain. */
export const GUARDIAN = devAccount(9);

/**
 * The same as a public deployment would be, with the design's periods, on Hardhat's in-process network under another chain
 * id. Gateways stake in a token of eighteen decimals that account 0 owns.
 */
export async function startProductionChain(): Promise<LocalChain> {
  const connection = await hre.network.connect({
    network: "memory",
    override: { chainId: PUBLIC_CHAIN_ID } as never,
  });
  const publicClient = await connection.viem.getPublicClient();
  const { timestamp } = await publicClient.getBlock();
  const owner = devAccount(0).address;
  const coin = await connection.viem.deployContract("SalusToken", [[owner], [10n ** 24n]]);
  const profile = productionProfile({
    now: Number(timestamp),
    genesis: VOTERS.map((holder) => ({ role: "voters", holder, amount: 10n ** 24n })),
    guardian: GUARDIAN.address,
    stake: { token: coin.address, minimum: 10n ** 21n },
    dataUse: demoDataUse(),
  });
  return open(connection, profile);
}

const VOTERS = [10, 11, 12].map((index) => devAccount(index).address);

async function open(connection: NetworkConnection<string>, profile: Profile): Promise<LocalChain> {
  const gateways = [1, 2, 3].map((index) => ({
    index,
    operator: devAccount(index),
    signer: privateKeyToAccount(toHex(1000 + index, { size: 32 })),
  }));
  const genesis: GenesisGateway[] = gateways.map(({ index, operator, signer }) => ({
    name: `gateway-${index}`,
    url: `http://127.0.0.1:${7000 + index}`,
    operator: operator.address,
    signer: signer.address,
    sealingKey: toHex(2000 + index, { size: 32 }) as Hex,
  }));
  const deployment = await deployOn(connection, profile, genesis);
  const transport = custom(connection.provider);
  const test = await connection.viem.getTestClient();
  return {
    deployment,
    provider: connection.provider,
    gateways,
    reader: connect({ deployment, transport, pollingInterval: 20 }),
    as: (account) => connectAs({ deployment, transport, account, pollingInterval: 20 }),
    async advance(seconds) {
      await test.increaseTime({ seconds });
      await test.mine({ blocks: 1 });
    },
    close: () => connection.close(),
  };
}
