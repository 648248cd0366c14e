import { mnemonicToAccount } from "viem/accounts";
import { WALLET_PERSONAS } from "../demo/world/personas.ts";
import { deploy as deployContracts } from "../deploy/deploy.ts";
import type { GenesisGateway } from "../deploy/module.ts";
import { localProfile } from "../deploy/profiles.ts";

/** anvil's and Hardhat's development mnemonic: its accounts hold ether on every local chain, and nothing elsewhere. */
const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";

/** What the stack hands to a deployment. */
export interface LocalDeployment {
  rpcUrl: string;
  /** Addresses file to write, whole or not at all. */
  outFile: string;
  gateways: GenesisGateway[];
}

/** Deploys Salus with short periods; the demo world's voters share the genesis supply. */
export async function deploy({ rpcUrl, outFile, gateways }: LocalDeployment): Promise<void> {
  const voters = WALLET_PERSONAS.filter(({ role }) => role === "voter").map(
    ({ walletIndex }) => mnemonicToAccount(DEVELOPMENT_MNEMONIC, { addressIndex: walletIndex }).address,
  );
  const deployment = await deployContracts({ rpcUrl, outFile, profile: localProfile(voters), gateways });
  process.stdout.write(`${Object.keys(deployment.contracts).length} contracts\n`);
}
