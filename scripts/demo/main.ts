import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { http, type Hex } from "viem";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import {
  connectAs,
  delegateVotes,
  parseDeployment,
  readGateways,
  send,
  testDollarAbi,
  type Deployment,
  type SalusWriter,
} from "@salus/sdk";
import { LOCAL_CHAIN_ID } from "../deploy/profiles.ts";
import { LOCAL_MNEMONIC } from "../deploy/local.ts";
import { datasetsOf, listHospital } from "./list-hospital.ts";
import { HOSPITALS, WORLD, type HospitalDescription } from "./world/world.ts";

/** What a wallet of the demo has to spend: 100,000 test dollars. */
const ALLOWANCE = 100_000n * 1_000_000n;

/** Where the demo world is to be filled in. */
export type DemoWorldTarget = {
  rpcUrl: string;
  chainId: number;
  gateways: { name: string; url: string }[];
  /** path of the deployment file */
  deploymentFile: string;
  /** the stack's state folder, which holds each hospital's keystore */
  stateDir: string;
};

/**
 * Fills the demo world: wallets with test dollars, voters with votes, three hospitals with a hundred patients each, one of
 * them with a study beside it. What
 * is there already is left as it is, so that a fill that was cut short can run again.
 */
export async function fillDemoWorld(target: DemoWorldTarget): Promise<void> {
  if (target.chainId !== LOCAL_CHAIN_ID)
    throw new Error(`The demo world is for chain ${LOCAL_CHAIN_ID} only.`);
  const deployment = parseDeployment(JSON.parse(readFileSync(target.deploymentFile, "utf8")));
  await fillWallets(deployment, target);
  for (const hospital of HOSPITALS) {
    const salus = operatorOf(deployment, target, hospital);
    const gateway = (await readGateways(salus)).find(({ name }) => name === hospital.slug);
    if (!gateway) throw new Error(`No gateway named ${hospital.slug} is registered.`);
    const folder = join(target.stateDir, "gateways", hospital.slug);
    mkdirSync(folder, { recursive: true });
    for (const demo of datasetsOf(hospital)) {
      const cohort = demo.dataset === hospital.dataset;
      const peopleFile = join(folder, cohort ? "people.json" : `people-${demo.dataset.slug}.json`);
      const { listed } = await listHospital(salus, { demo, gateway: gateway.index, peopleFile });
      const told = listed > 0 ? `${listed} patients encrypted and listed` : "listed before";
      console.log(`${hospital.name}: ${told} (${demo.dataset.title})`);
    }
  }
}

async function fillWallets(deployment: Deployment, { rpcUrl }: DemoWorldTarget): Promise<void> {
  const token = { address: deployment.contracts.TestDollar!, abi: testDollarAbi } as const;
  for (const { walletIndex, role } of WORLD.wallets) {
    const account = mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex: walletIndex });
    const salus = connectAs({ deployment, transport: http(rpcUrl), account });
    const args = [account.address] as const;
    const balance = await salus.publicClient.readContract({ ...token, functionName: "balanceOf", args });
    if (balance === 0n)
      await send(salus, { ...token, functionName: "mint", args: [account.address, ALLOWANCE] });
    if (role === "voter") await delegateVotes(salus, account.address);
  }
  console.log(`${WORLD.wallets.length} wallets have test dollars, voters have votes`);
}

/** Listing is the hospital's own act: it is signed with the operator key of its gateway. */
function operatorOf(
  deployment: Deployment,
  { rpcUrl, stateDir }: DemoWorldTarget,
  hospital: HospitalDescription,
): SalusWriter {
  const keys = JSON.parse(readFileSync(join(stateDir, "gateways", hospital.slug, "keys.json"), "utf8"));
  const account = privateKeyToAccount(keys.operatorKey as Hex);
  return connectAs({ deployment, transport: http(rpcUrl), account });
}
