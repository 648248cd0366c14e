import { MandateClosed, MandateCreated, MandateRun as RunEvent } from "../../generated/Mandates/Mandates";
import { Mandate, MandateRun } from "../../generated/schema";
import { wordId } from "../lib/ids";
import { stamp } from "../lib/stamp";
import { kindName } from "./order";
import { tokenByIndex } from "./token";

/** A mandate as its buyer opened it. */
export function openMandate(event: MandateCreated): void {
  const mandate = new Mandate(event.params.id);
  fillFixedPart(mandate, event);
  mandate.contract = event.address;
  mandate.state = "Open";
  mandate.prepaid = event.params.prepaid;
  mandate.balance = event.params.prepaid;
  mandate.runCount = 0;
  mandate.lastVersion = mandate.afterVersion;
  stamp(mandate, event);
  mandate.save();
}

function fillFixedPart(mandate: Mandate, event: MandateCreated): void {
  const fixed = event.params.mandate;
  mandate.buyer = fixed.buyer;
  mandate.salt = fixed.salt;
  mandate.asset = wordId(fixed.asset);
  mandate.afterVersion = fixed.afterVersion;
  mandate.kind = kindName(fixed.kind);
  mandate.uses = fixed.uses;
  mandate.country = fixed.country;
  mandate.disease = fixed.disease;
  mandate.project = fixed.project;
  mandate.job = fixed.job;
  mandate.recipientKey = fixed.recipientKey;
  mandate.termsHash = fixed.termsHash;
  mandate.token = tokenByIndex(fixed.token);
  mandate.maxPrice = fixed.maxPrice;
  mandate.maxFee = fixed.maxFee;
  mandate.privacyCap = fixed.privacyCap;
  mandate.arbitrator = fixed.arbitrator;
  mandate.runs = fixed.runs;
  mandate.interval = fixed.interval;
  mandate.until = fixed.until;
}

/** A run was funded; its order was, just before. */
export function addRun(event: RunEvent): void {
  const mandate = Mandate.load(event.params.id);
  if (!mandate) return;
  mandate.runCount = event.params.run;
  mandate.lastVersion = event.params.version;
  mandate.balance = mandate.balance.minus(event.params.paid);
  mandate.save();
  const run = new MandateRun(event.params.order);
  run.mandate = mandate.id;
  run.order = event.params.order;
  run.number = event.params.run;
  run.version = event.params.version;
  run.paid = event.params.paid;
  stamp(run, event);
  run.save();
}

/** It ended, and what was unspent went back. */
export function closeMandate(event: MandateClosed): void {
  const mandate = Mandate.load(event.params.id);
  if (!mandate) return;
  mandate.state = "Closed";
  mandate.balance = mandate.balance.minus(event.params.returned);
  mandate.closeReason = reasonName(event.params.reason);
  mandate.closedAt = event.block.timestamp;
  mandate.returned = event.params.returned;
  mandate.save();
}

/** Solidity's enum CloseReason. */
function reasonName(reason: i32): string {
  if (reason == 0) return "Completed";
  if (reason == 1) return "Cancelled";
  if (reason == 2) return "Expired";
  return "Delisted";
}
