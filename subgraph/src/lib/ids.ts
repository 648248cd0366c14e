import { BigInt, Bytes, ethereum } from "@graphprotocol/graph-ts";

/** An unsigned number as 32 big-endian bytes, as a contract would see it in one slot. */
export function wordId(value: BigInt): Bytes {
  const id = new Bytes(32);
  // A BigInt holds its bytes from the lowest; a positive one may carry a zero byte for the sign on top.
  for (let i = 0; i < 32; i++) id[31 - i] = i < value.length ? value[i] : 0;
  return id;
}

/** A small unsigned number as 4 big-endian bytes, so that ids sort like their numbers. */
export function numberId(value: i32): Bytes {
  const id = new Bytes(4);
  for (let i = 0; i < 4; i++) id[i] = u8((value >> (8 * (3 - i))) & 0xff);
  return id;
}

/** Ids of small numbers, in their order. */
export function numberIds(values: Array<i32>): Array<Bytes> {
  const ids = new Array<Bytes>();
  for (let i = 0; i < values.length; i++) ids.push(numberId(values[i]));
  return ids;
}

/** Id of what only this event names: no other event has the same transaction and log index. */
export function eventId(event: ethereum.Event): Bytes {
  return event.transaction.hash.concat(numberId(event.logIndex.toI32()));
}
