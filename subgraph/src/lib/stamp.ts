import { Entity, ethereum, Value } from "@graphprotocol/graph-ts";

/** An event's place among all events: block × 2^32 + log index. */
export function ordinal(event: ethereum.Event): i64 {
  return (event.block.number.toI64() << 32) | event.logIndex.toI64();
}

/** Writes where and when an entity's event happened: the fields `ordinal`, `block`, `timestamp` and `transaction`. */
export function stamp(entity: Entity, event: ethereum.Event): void {
  entity.set("ordinal", Value.fromI64(ordinal(event)));
  entity.set("block", Value.fromBigInt(event.block.number));
  entity.set("timestamp", Value.fromBigInt(event.block.timestamp));
  entity.set("transaction", Value.fromBytes(event.transaction.hash));
}
