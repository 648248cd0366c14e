import { Address, BigInt, Bytes, ethereum } from "@graphprotocol/graph-ts";
import { Announced, Collected, Paid } from "../../generated/Treasury/Treasury";
import { Grant, TreasuryAnnouncement, TreasuryFlow } from "../../generated/schema";
import { eventId } from "../lib/ids";
import { stamp } from "../lib/stamp";
import { touchToken } from "./token";

/** Fees and penalties came in. */
export function collectFees(event: Collected): void {
  const params = event.params;
  const flow = newFlow("Collected", params.token, params.amount, params.balance, event);
  flow.save();
}

/** A payment or a grant left, decided at once or announced before. */
export function payOut(event: Paid): void {
  const params = event.params;
  const isGrant = params.wallet.notEqual(Address.zero());
  const flow = newFlow(isGrant ? "Granted" : "Paid", params.token, params.amount, params.balance, event);
  flow.to = params.to;
  if (isGrant) flow.grant = createGrant(event).id;
  const announcement = TreasuryAnnouncement.load(params.announcement);
  if (announcement) {
    announcement.state = "Paid";
    announcement.endedAt = event.block.timestamp;
    announcement.save();
    flow.announcement = announcement.id;
  }
  flow.save();
}

function createGrant(event: Paid): Grant {
  const params = event.params;
  const grant = new Grant(params.wallet);
  grant.token = params.token;
  grant.beneficiary = params.to;
  grant.amount = params.amount;
  grant.start = params.start;
  grant.end = params.start.plus(params.duration);
  stamp(grant, event);
  grant.save();
  return grant;
}

/** A vote announced a payment. */
export function announcePayment(event: Announced): void {
  const params = event.params;
  touchToken(params.token);
  // A payment may be announced again once it was made or revoked: the last announcement stands.
  const announcement = new TreasuryAnnouncement(params.id);
  announcement.token = params.token;
  announcement.to = params.to;
  announcement.amount = params.amount;
  announcement.start = params.start;
  announcement.duration = params.duration;
  announcement.salt = params.salt;
  announcement.payableFrom = params.payableFrom;
  announcement.payableUntil = params.payableUntil;
  announcement.state = "Announced";
  stamp(announcement, event);
  announcement.save();
}

/** Another vote revoked it. */
export function revokeAnnouncement(id: Bytes, timestamp: BigInt): void {
  const announcement = TreasuryAnnouncement.load(id);
  if (!announcement) return;
  announcement.state = "Revoked";
  announcement.endedAt = timestamp;
  announcement.save();
}

function newFlow(
  kind: string,
  token: Address,
  amount: BigInt,
  balance: BigInt,
  event: ethereum.Event,
): TreasuryFlow {
  touchToken(token);
  const flow = new TreasuryFlow(eventId(event));
  flow.kind = kind;
  flow.token = token;
  flow.amount = amount;
  flow.balance = balance;
  stamp(flow, event);
  return flow;
}
