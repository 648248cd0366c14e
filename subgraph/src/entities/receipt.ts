import { OrderDelivered } from "../../generated/AccessEscrow/AccessEscrow";
import { Order, Receipt } from "../../generated/schema";
import { numberIds } from "../lib/ids";
import { stamp } from "../lib/stamp";

/** The receipt on which an order was delivered, field by field. */
export function createReceipt(order: Order, event: OrderDelivered): void {
  const stated = event.params.receipt;
  const receipt = new Receipt(order.id);
  receipt.order = order.id;
  receipt.asset = order.asset;
  receipt.job = stated.job;
  receipt.algorithm = stated.algorithm;
  receipt.parameters = stated.parameters;
  receipt.output = stated.output;
  receipt.result = stated.result;
  receipt.inputRoot = stated.inputRoot;
  receipt.contributorsRoot = stated.contributorsRoot;
  receipt.totalWeight = stated.totalWeight;
  receipt.cohort = stated.cohort;
  receipt.excludedRoot = stated.excludedRoot;
  receipt.grantBlock = stated.grantBlock;
  receipt.consentBlock = stated.consentBlock;
  receipt.consentBlockHash = stated.consentBlockHash;
  receipt.privacyCost = stated.privacyCost;
  receipt.logs = stated.logs;
  receipt.attestation = stated.attestation;
  receipt.signers = numberIds(event.params.signers);
  stamp(receipt, event);
  receipt.save();
}
