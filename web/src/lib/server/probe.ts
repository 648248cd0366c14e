import type { GatewayAddress } from "./env-schema.ts";
import { reach } from "./upstream.ts";

const TIMEOUT_MS = 3000;

export interface GatewayStatus {
  name: string;
  answers: boolean;
}

/** Asks each gateway's `/health`. One that does not answer in 3 s counts as not answering. */
export function probeGateways(gateways: readonly GatewayAddress[]): Promise<GatewayStatus[]> {
  return Promise.all(
    gateways.map(async ({ name, url }) => ({ name, answers: await answers(`${url}/health`) })),
  );
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await reach(url, "WEB_GATEWAY_UNREACHABLE", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false; // Not answering is what this page reports.
  }
}
