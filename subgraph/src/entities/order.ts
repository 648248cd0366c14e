import { ethereum } from "@graphprotocol/graph-ts";
import { OrderFunded } from "../../generated/AccessEscrow/AccessEscrow";
import { Order, OrderTransition } from "../../generated/schema";
import { eventId, numberId, wordId } from "../lib/ids";
import { ordinal, stamp } from "../lib/stamp";
import { tokenByIndex } from "./token";
import { versionId } from "./version";

/** A funded order with its whole fixed part. */
export function createOrder(event: OrderFunded): Order {
  const order = new Order(event.params.id);
  fillFixedPart(order, event);
  order.escrow = event.address;
  order.feeBps = event.params.feeBps;
  order.fee = event.params.fee;
  order.fundedAt = event.block.timestamp;
  order.ordinal = ordinal(event);
  order.fundedAtBlock = event.block.number;
  order.fundedIn = event.transaction.hash;
  enter(order, "Funded", event);
  return order;
}

function fillFixedPart(order: Order, event: OrderFunded): void {
  const fixed = event.params.order;
  order.buyer = fixed.buyer;
  order.salt = fixed.salt;
  order.asset = wordId(fixed.asset);
  order.version = versionId(order.asset, fixed.version);
  order.kind = kindName(fixed.kind);
  order.uses = fixed.uses;
  order.country = fixed.country;
  order.disease = fixed.disease;
  order.project = fixed.project;
  order.job = fixed.job;
  order.recipientKey = fixed.recipientKey;
  order.termsHash = fixed.termsHash;
  order.token = tokenByIndex(fixed.token);
  order.price = fixed.price;
  order.maxFee = fixed.maxFee;
  order.privacyCap = fixed.privacyCap;
  order.custodianBps = fixed.custodianBps;
  order.curatorBps = fixed.curatorBps;
  order.gatewaySet = numberId(fixed.gatewaySet);
  order.threshold = fixed.threshold;
  order.custodian = numberId(fixed.custodian);
  order.arbitrator = fixed.arbitrator;
  order.deliverBy = fixed.deliverBy;
  order.disputeWindow = fixed.disputeWindow;
  order.reportWindow = fixed.reportWindow;
}

/** Solidity's enum OrderKind; an escrow funds nothing of kind None. */
export function kindName(kind: i32): string {
  if (kind == 1) return "Analysis";
  if (kind == 2) return "Training";
  if (kind == 3) return "Download";
  return "ModelUse";
}

/** Sets an order's state, saves it and keeps the step in its history. */
export function enter(order: Order, state: string, event: ethereum.Event): void {
  order.state = state;
  order.changedAt = event.block.timestamp;
  order.save();
  const transition = new OrderTransition(eventId(event));
  transition.order = order.id;
  transition.state = state;
  stamp(transition, event);
  transition.save();
}
