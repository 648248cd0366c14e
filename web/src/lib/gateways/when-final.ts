import { GatewayRequestError } from "@salus/sdk/gateway/http";

/** A delivery becomes final some blocks after it was mined; this long gateways are asked again, in ms. */
const WITHIN_MS = 60_000;
const AGAIN_MS = 1_000;
const NOT_YET = ["GATEWAY_NOT_FINAL", "GATEWAY_ORDER_STATE"];

/** Asks again while a gateway says that the delivery is not final yet. @throws what it says otherwise, or in the end */
export async function whenFinal<T>(ask: () => Promise<T>): Promise<T> {
  const until = Date.now() + WITHIN_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isNotFinal(error) || Date.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

function isNotFinal(error: unknown): boolean {
  return error instanceof GatewayRequestError && NOT_YET.includes(error.code);
}
