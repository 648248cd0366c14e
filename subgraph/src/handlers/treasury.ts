import {
  Announced,
  AnnouncementRevoked,
  CapChanged,
  Collected,
  Paid,
} from "../../generated/Treasury/Treasury";
import { BigInt } from "@graphprotocol/graph-ts";
import { setNumber } from "../entities/parameter";
import { announcePayment, collectFees, payOut, revokeAnnouncement } from "../entities/treasury";

export function handleCollected(event: Collected): void {
  collectFees(event);
}

export function handlePaid(event: Paid): void {
  payOut(event);
}

export function handleAnnounced(event: Announced): void {
  announcePayment(event);
}

export function handleAnnouncementRevoked(event: AnnouncementRevoked): void {
  revokeAnnouncement(event.params.id, event.block.timestamp);
}

export function handleCapChanged(event: CapChanged): void {
  setNumber("Treasury.capBps", BigInt.fromI32(event.params.capBps), event);
}
