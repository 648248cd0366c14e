import { BigInt } from "@graphprotocol/graph-ts";
import {
  ConsentChanged,
  HandOverContested,
  HandOverProposed,
  ProxyNamed,
  ProxyRemoved,
  SpokenFor,
} from "../../generated/ConsentRegistry/ConsentRegistry";
import { writeConsent, writeNonce, writeSpeaker } from "../entities/consent";
import { contestHandOver, proposeHandOver } from "../entities/handOver";
import { nameProxy, removeProxy } from "../entities/proxy";

export function handleConsentChanged(event: ConsentChanged): void {
  writeConsent(event);
}

export function handleSpokenFor(event: SpokenFor): void {
  writeSpeaker(event);
}

export function handleHandOverProposed(event: HandOverProposed): void {
  proposeHandOver(event);
}

export function handleHandOverContested(event: HandOverContested): void {
  contestHandOver(event);
}

export function handleProxyNamed(event: ProxyNamed): void {
  nameProxy(event);
  writeNonce(event.params.dataset, event.params.subject, event.params.since.plus(BigInt.fromI32(1)));
}

export function handleProxyRemoved(event: ProxyRemoved): void {
  removeProxy(event);
  writeNonce(event.params.dataset, event.params.subject, event.params.nonce);
}
