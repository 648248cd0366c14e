import { Address, BigInt, Bytes } from "@graphprotocol/graph-ts";
import { HandOverContested, HandOverProposed } from "../../generated/ConsentRegistry/ConsentRegistry";
import { HandOver } from "../../generated/schema";
import { numberId, wordId } from "../lib/ids";
import { roleOf } from "../lib/roles";
import { stamp } from "../lib/stamp";

function handOverId(dataset: BigInt, subject: Address, number: BigInt): Bytes {
  return wordId(dataset).concat(subject).concat(numberId(number.toI32()));
}

export function proposeHandOver(event: HandOverProposed): void {
  const proposed = event.params;
  const handOver = new HandOver(handOverId(proposed.dataset, proposed.subject, proposed.nonce));
  handOver.dataset = wordId(proposed.dataset);
  handOver.subject = proposed.subject;
  handOver.controller = proposed.controller;
  handOver.codeKey = proposed.codeKey;
  handOver.number = proposed.nonce;
  handOver.inForceFrom = proposed.inForceFrom;
  handOver.contested = false;
  stamp(handOver, event);
  handOver.save();
}

export function contestHandOver(event: HandOverContested): void {
  const contested = event.params;
  const handOver = HandOver.load(handOverId(contested.dataset, contested.subject, contested.nonce))!;
  handOver.contested = true;
  handOver.contestedBy = roleOf(contested.by);
  handOver.save();
}
