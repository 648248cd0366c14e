import { setTimeout as wait } from "node:timers/promises";
import { http } from "viem";
import type { LocalAccount } from "viem";
import { connectAs, type SalusWriter } from "@salus/sdk/chain/client";
import type { Deployment } from "@salus/sdk/chain/deployment";
import { reachedSent } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { Replica } from "../replicas/replica.ts";

/** Sends the operator's transactions one after the other, so that they never take one another's nonce. */
export type Sender = <T>(transaction: (writer: SalusWriter) => Promise<T>) => Promise<T>;

/** Milliseconds that a transaction which another process left behind has to be mined, and between two looks. */
const PATIENCE = 60_000;
const AGAIN = 250;

/** Opens the sender on one endpoint; all replicas of a gateway send from one account, and so in one line. */
export function openSender({
  deployment,
  rpcUrl,
  account,
  inLine,
}: {
  deployment: Deployment;
  rpcUrl: string;
  account: LocalAccount;
  inLine: Replica["inLine"];
}): Sender {
  const writer = marked(
    connectAs({
      deployment,
      transport: http(rpcUrl, { timeout: 10_000 }),
      account,
      pollingInterval: 250,
    }),
  );
  return (transaction) =>
    inLine("sender", async () => {
      await leftBehindIsMined(writer);
      return transaction(writer);
    });
}

/**
 * A process that ended between sending and mining leaves a transaction whose effect no simulation shows yet: what was sent
 * must not be sent again. Nobody else of this gateway sends now.
 */
async function leftBehindIsMined({ publicClient, walletClient }: SalusWriter): Promise<void> {
  const { address } = walletClient.account;
  const count = (blockTag: "latest" | "pending") => publicClient.getTransactionCount({ address, blockTag });
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await wait(AGAIN)) {
    const [mined, sent] = await Promise.all([count("latest"), count("pending")]);
    if (sent <= mined) return;
  }
  throw new GatewayError(
    "GATEWAY_CHAIN_UNAVAILABLE",
    "An earlier transaction of this gateway is in no block yet.",
  );
}

/** The same writer, with each sent transaction marked as the durable step that it is. */
function marked(writer: SalusWriter): SalusWriter {
  const { walletClient } = writer;
  const writeContract = (async (call: { functionName: string }) => {
    const hash = await walletClient.writeContract(call as never);
    reachedSent(call.functionName);
    return hash;
  }) as SalusWriter["walletClient"]["writeContract"];
  return { ...writer, walletClient: { ...walletClient, writeContract } };
}
