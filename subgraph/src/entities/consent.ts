import { Address, BigInt } from "@graphprotocol/graph-ts";
import { ConsentChanged, SpokenFor } from "../../generated/ConsentRegistry/ConsentRegistry";
import { Consent, ConsentChange, ConsentSpeaker } from "../../generated/schema";
import { eventId, numberId, wordId } from "../lib/ids";
import { roleOf } from "../lib/roles";
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

/** Who spoke in the event just before: the registry emits the two one after the other. */
export function writeSpeaker(event: SpokenFor): void {
  const speaker = new ConsentSpeaker(eventId(event));
  speaker.change = event.transaction.hash.concat(numberId(event.logIndex.toI32() - 1));
  speaker.role = roleOf(event.params.speaker);
  speaker.by = event.params.by;
  speaker.save();
}

/** Naming and removing a proxy raises the nonce and changes no consent. A slot never written has no entity. */
export function writeNonce(dataset: BigInt, subject: Address, nonce: BigInt): void {
  const consent = Consent.load(wordId(dataset).concat(subject));
  if (consent === null) return;
  consent.nonce = nonce;
  consent.save();
}
