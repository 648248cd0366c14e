import { BigInt, Bytes, ethereum } from "@graphprotocol/graph-ts";
import { Parameter, ParameterChange } from "../../generated/schema";
import { eventId } from "../lib/ids";
import { stamp } from "../lib/stamp";

/** A setting's new value. The first value has no previous one, whatever the event says. */
export function setParameter(name: string, value: string, event: ethereum.Event): void {
  const id = event.address.concat(Bytes.fromUTF8(name));
  const known = Parameter.load(id);
  const parameter = known ? known : new Parameter(id);
  const change = new ParameterChange(eventId(event));
  change.parameter = id;
  if (known) change.previous = known.value;
  change.value = value;
  change.sender = event.transaction.from;
  stamp(change, event);
  change.save();
  parameter.contract = event.address;
  parameter.name = name;
  parameter.value = value;
  parameter.changedAt = event.block.timestamp;
  parameter.save();
}

/** A setting that is a number. */
export function setNumber(name: string, value: BigInt, event: ethereum.Event): void {
  setParameter(name, value.toString(), event);
}
