import type { SalusReader } from "@salus/sdk/chain/client";
import { GatewayRequestError } from "@salus/sdk/gateway/http";

/** A delivery becomes final some blocks after it was mined; this long it is waited for, in ms. */
const WITHIN_MS = 60_000;
const AGAIN_MS = 1_000;
const NOT_YET = ["GATEWAY_NOT_FINAL", "GATEWAY_ORDER_STATE"];

/**
 * Asks gateways for what they give out once a delivery is final. Waits for that on the chain first, and asks again while
 * a gateway has not seen it yet.
 * @throws what the gateway says otherwise, or in the end
 */
export async function whenFinal<T>(
  { publicClient }: SalusReader,
  { blockNumber }: { blockNumber: bigint },
  ask: () => Promise<T>,
): Promise<T> {
  const until = Date.now() + WITHIN_MS;
  while (Date.now() < until) {
    const { number } = await publicClient.getBlock({ blockTag: "finalized" });
    if (number >= blockNumber) break;
    await pause();
  }
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isNotFinal(error) || Date.now() > until) throw error;
    }
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
}

function isNotFinal(error: unknown): boolean {
  return error instanceof GatewayRequestError && NOT_YET.includes(error.code);
}
