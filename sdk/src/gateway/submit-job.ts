import type { Hex } from "viem";
import type { Order } from "../types.ts";
import { toBase64 } from "./base64.ts";
import { type GatewayAddress, sendForJson } from "./http.ts";
import type { OrderView, SubmitJobRequest } from "./types.ts";
import { toWire } from "./wire.ts";

/** A funded order with what its job commitment stands for. */
export type JobSubmission = {
  /** from `hashOrder` */
  id: Hex;
  order: Order;
  /** analysis and training: the job */
  spec?: unknown;
  salt?: Hex;
  /** model use: see `sealModelInput` */
  sealedInput?: Uint8Array;
};

/**
 * Hands a funded order's job to its executor (the asset's custodian). Sending it again changes nothing and answers with
 * where it stands. A download needs neither job nor salt.
 */
export function submitJob(gateway: GatewayAddress, submission: JobSubmission): Promise<OrderView> {
  const { id, order, spec, salt, sealedInput } = submission;
  const json: SubmitJobRequest = {
    order: toWire("Order", order),
    ...(spec === undefined ? {} : { spec }),
    ...(salt ? { salt } : {}),
    ...(sealedInput ? { sealedInput: toBase64(sealedInput) } : {}),
  };
  return sendForJson(gateway, { method: "POST", path: `/v1/orders/${id}/job`, json });
}
