import type { Hex } from "viem";
import type { Mandate } from "../types.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { SubmitMandateRequest } from "./types.ts";
import { toWire } from "./wire.ts";

/**
 * Hands a mandate's job to its executor (the asset's custodian), once for all runs: each finds it by its commitment.
 *
 * @param submission `id` from `createMandate`; `spec` and `salt` are what `commitJob` committed to
 */
export function submitMandate(
  gateway: GatewayAddress,
  { id, mandate, spec, salt }: { id: Hex; mandate: Mandate; spec: unknown; salt: Hex },
): Promise<{ id: Hex }> {
  const json: SubmitMandateRequest = { mandate: toWire("Mandate", mandate), spec, salt };
  return sendForJson(gateway, { method: "POST", path: `/v1/mandates/${id}/job`, json });
}
