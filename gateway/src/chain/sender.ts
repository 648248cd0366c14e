import { http } from "viem";
import type { LocalAccount } from "viem";
import { connectAs, type SalusWriter } from "@salus/sdk/chain/client";
import type { Deployment } from "@salus/sdk/chain/deployment";

/** Sends the operator's transactions one after the other, so that they never take one another's nonce. */
export type Sender = <T>(transaction: (writer: SalusWriter) => Promise<T>) => Promise<T>;

/** Opens the sender on one endpoint. */
export function openSender(deployment: Deployment, rpcUrl: string, account: LocalAccount): Sender {
  const writer = connectAs({
    deployment,
    transport: http(rpcUrl, { timeout: 10_000 }),
    account,
    pollingInterval: 250,
  });
  let last: Promise<unknown> = Promise.resolve();
  return (transaction) => {
    const next = last.then(() => transaction(writer));
    // The next in line goes on whether or not this one fails; the caller hears the failure.
    last = next.catch(() => undefined);
    return next;
  };
}
