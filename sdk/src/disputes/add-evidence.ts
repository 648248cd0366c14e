import type { Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { disputesAbi } from "../generated/abi/disputes.ts";
import type { Order } from "../types.ts";
import type { Membership } from "./membership.ts";

/**
 * Adds a document to a dispute while evidence is taken: as buyer, custodian's operator, curator, opener or member, or with
 * a membership as somebody whose data was used.
 *
 * @param digest SHA-256 of the document (its CIDv1 raw)
 * @throws Disputes_NotParty, Disputes_TooLate, Disputes_WrongState
 */
export function addEvidence(
  salus: SalusWriter,
  { order, digest, membership }: { order: Order; digest: Hex; membership?: Membership },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const panel = { address: order.arbitrator, abi: disputesAbi } as const;
  if (!membership) {
    return send(salus, { ...panel, functionName: "addEvidence", args: [order, digest] }, options);
  }
  const args = [order, membership, digest] as const;
  return send(salus, { ...panel, functionName: "addEvidenceAsContributor", args }, options);
}
