import { BigInt, Bytes, ethereum } from "@graphprotocol/graph-ts";
import { OrderDisputed, OrderRuled } from "../../generated/AccessEscrow/AccessEscrow";
import { Dispute, Order } from "../../generated/schema";
import { stamp } from "../lib/stamp";

/** An order's arbitrator opened a dispute about it. A panel told the particulars just before. */
export function openDispute(order: Order, event: OrderDisputed): void {
  let dispute = Dispute.load(order.id);
  if (!dispute) dispute = newDispute(order, event);
  dispute.arbitrator = event.params.arbitrator;
  dispute.rulingUntil = event.params.rulingUntil;
  dispute.save();
}

/** The arbitrator decided; how the order ends follows in an event of its own. */
export function ruleDispute(event: OrderRuled): void {
  const dispute = Dispute.load(event.params.id);
  if (!dispute) return;
  dispute.ruling = rulingName(event.params.ruling);
  dispute.ruledAt = event.block.timestamp;
  dispute.save();
}

/** A dispute of which nothing is known but its order; not saved. */
export function newDispute(order: Order, event: ethereum.Event): Dispute {
  const dispute = new Dispute(order.id);
  dispute.order = order.id;
  dispute.asset = order.asset;
  dispute.arbitrator = Bytes.empty();
  dispute.rulingUntil = BigInt.zero();
  dispute.seats = [];
  dispute.tally = [0, 0, 0];
  dispute.lied = false;
  stamp(dispute, event);
  return dispute;
}

/** Solidity's enum Ruling. */
export function rulingName(ruling: i32): string {
  if (ruling == 1) return "Pay";
  if (ruling == 2) return "Refund";
  return "None";
}
