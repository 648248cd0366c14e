import { Bytes, ethereum } from "@graphprotocol/graph-ts";
import { OrderEvidenced } from "../../generated/AccessEscrow/AccessEscrow";
import { Order, OrderEvidence } from "../../generated/schema";
import { stamp } from "../lib/stamp";

/** The ABI of `Evidence` in contracts/types/DataUseTypes.sol. */
const EVIDENCE = "((uint8,address,uint40,bytes32,bytes)[],bytes32[])";

/** What came with an order: who attested what, and whether a descent was proven. */
export function createEvidence(order: Order, event: OrderEvidenced): void {
  const evidence = new OrderEvidence(order.id);
  evidence.order = order.id;
  evidence.bytes = event.params.evidence;
  evidence.kinds = [];
  evidence.issuers = [];
  evidence.descent = false;
  const decoded = ethereum.decode(EVIDENCE, event.params.evidence);
  // The escrow has taken it, so it is well formed.
  if (decoded) {
    const parts = decoded.toTuple();
    const attestations = parts[0].toArray();
    const kinds = new Array<i32>();
    const issuers = new Array<Bytes>();
    for (let i = 0; i < attestations.length; i++) {
      const attestation = attestations[i].toTuple();
      kinds.push(attestation[0].toI32());
      issuers.push(attestation[1].toAddress());
    }
    evidence.kinds = kinds;
    evidence.issuers = issuers;
    evidence.descent = parts[1].toArray().length > 0;
  }
  stamp(evidence, event);
  evidence.save();
}
