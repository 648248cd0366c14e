import { ConsentChanged } from "../../generated/ConsentRegistry/ConsentRegistry";
import { Consent, ConsentChange } from "../../generated/schema";
import { eventId, wordId } from "../lib/ids";
import { stamp } from "../lib/stamp";
import { loadProtocol } from "./protocol";

/** The slot as it stands: the event carries it whole. */
export function writeConsent(event: ConsentChanged): void {
  const slot = event.params;
  const dataset = wordId(slot.dataset);
  const consent = new Consent(dataset.concat(slot.subject));
  consent.dataset = dataset;
  consent.subject = slot.subject;
  consent.granted = slot.granted;
  consent.purposes = slot.purposes;
  consent.expiry = slot.expiry;
  consent.modes = slot.modes;
  consent.nonce = slot.nonce;
  consent.changedAt = slot.changedAt;
  consent.timestamp = event.block.timestamp;
  consent.save();
  recordChange(consent, event);
}

function recordChange(consent: Consent, event: ConsentChanged): void {
  const change = new ConsentChange(eventId(event));
  change.consent = consent.id;
  change.dataset = consent.dataset;
  change.subject = consent.subject;
  change.granted = consent.granted;
  change.purposes = consent.purposes;
  change.expiry = consent.expiry;
  change.modes = consent.modes;
  change.nonce = consent.nonce;
  stamp(change, event);
  change.save();
  const protocol = loadProtocol();
  protocol.consentChangeCount += 1;
  protocol.save();
}
