// A deployment for tests of the supervisor: one contract that emits an event, E(uint256), with each call's first word.
import { writeFileSync } from "node:fs";
import { rpc } from "../rpc.ts";
import { waitUntil } from "../wait.ts";

// Init code returns the runtime below: PUSH0 CALLDATALOAD PUSH0 MSTORE PUSH32 topic PUSH1 32 PUSH0 LOG1 STOP.
const TOPIC = "002ff0672f372fbe844b353429d4510ea5e43683af134c54f75f789ff57bc0c0";
const RUNTIME = `5f355f527f${TOPIC}60205fa100`;

export async function deploy({ rpcUrl, outFile }: { rpcUrl: string; outFile: string }): Promise<void> {
  const [from] = await rpc<string[]>(rpcUrl, "eth_accounts");
  const length = (RUNTIME.length / 2).toString(16).padStart(2, "0");
  const data = `0x60${length}600a5f3960${length}5ff3${RUNTIME}`;
  const hash = await rpc<string>(rpcUrl, "eth_sendTransaction", [{ from, data }]);
  const receipt = (): Promise<{ contractAddress: string } | null> =>
    rpc(rpcUrl, "eth_getTransactionReceipt", [hash]);
  await waitUntil("the deployment", async () => (await receipt()) !== null, 20_000);
  const address = (await receipt())?.contractAddress;
  process.stdout.write(`Thing at ${address}\n`);
  writeFileSync(outFile, JSON.stringify({ chainId: 31337, contracts: { Thing: address }, startBlock: 0 }));
}
