import { send } from "./http.ts";
import type { GatewayTarget, RequestSigner } from "./requests.ts";

/** Lifts a veto, by the gateway's operator. */
export async function liftVeto(
  gateway: GatewayTarget,
  { id, signer }: { id: string; signer: RequestSigner },
): Promise<void> {
  await send(gateway, { method: "DELETE", path: `/v1/vetoes/${id}`, signer });
}
