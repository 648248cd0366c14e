import { BigInt } from "@graphprotocol/graph-ts";
import { GatewayAdmitted, GatewaySetCreated } from "../../generated/GatewayRegistry/GatewayRegistry";
import { Gateway, GatewaySet } from "../../generated/schema";
import { numberId, numberIds } from "../lib/ids";
import { loadProtocol } from "./protocol";

/** A vote admitted a gateway. */
export function createGateway(event: GatewayAdmitted): void {
  const gateway = new Gateway(numberId(event.params.gateway));
  gateway.number = event.params.gateway;
  gateway.operator = event.params.operator;
  gateway.signer = event.params.signer;
  gateway.sealingKey = event.params.sealingKey;
  gateway.name = event.params.name;
  gateway.url = event.params.url;
  gateway.status = "Active";
  gateway.stake = BigInt.zero();
  gateway.stakeLeaving = BigInt.zero();
  gateway.admittedAt = event.block.timestamp;
  gateway.save();
  const protocol = loadProtocol();
  protocol.gatewayCount += 1;
  protocol.save();
}

/** A vote removed a gateway. */
export function removeGateway(number: i32, timestamp: BigInt): void {
  const gateway = Gateway.load(numberId(number));
  if (!gateway) return;
  gateway.status = "Removed";
  gateway.removedAt = timestamp;
  gateway.save();
}

/** The operator announced another address. */
export function setGatewayUrl(number: i32, url: string): void {
  const gateway = Gateway.load(numberId(number));
  if (!gateway) return;
  gateway.url = url;
  gateway.save();
}

/** A new set; it never changes. */
export function createGatewaySet(event: GatewaySetCreated): void {
  const set = new GatewaySet(numberId(event.params.gatewaySet));
  set.number = event.params.gatewaySet;
  set.members = numberIds(event.params.members);
  set.threshold = event.params.threshold;
  set.timestamp = event.block.timestamp;
  set.save();
}
