// A demo world for tests of the supervisor: one transaction to the one contract, whose event carries the number 7.
import { readFileSync } from "node:fs";
import type { Deployment } from "../deployment.ts";
import type { DemoWorldTarget } from "../demo.ts";
import { rpc } from "../rpc.ts";

export async function fillDemoWorld({ rpcUrl, deploymentFile }: DemoWorldTarget): Promise<void> {
  const { contracts } = JSON.parse(readFileSync(deploymentFile, "utf8")) as Deployment;
  const [from] = await rpc<string[]>(rpcUrl, "eth_accounts");
  const data = `0x${(7).toString(16).padStart(64, "0")}`;
  await rpc(rpcUrl, "eth_sendTransaction", [{ from, to: contracts["Thing"], data }]);
  process.stdout.write("one event\n");
}
