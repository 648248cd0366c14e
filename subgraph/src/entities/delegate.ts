import { Address, BigInt, Bytes } from "@graphprotocol/graph-ts";
import { Delegate, Delegation } from "../../generated/schema";

/** A delegate's votes, as the token counts them. */
export function setVotes(address: Address, votes: BigInt, timestamp: BigInt): void {
  const delegate = loadDelegate(address);
  delegate.votes = votes;
  delegate.changedAt = timestamp;
  delegate.save();
}

/** A holder trusts another delegate, or with the zero address none. */
export function changeDelegate(holder: Address, from: Address, to: Address, timestamp: BigInt): void {
  count(from, -1, timestamp);
  count(to, 1, timestamp);
  const delegation = new Delegation(holder);
  delegation.delegator = holder;
  if (to.notEqual(Address.zero())) delegation.delegate = to;
  else delegation.unset("delegate");
  delegation.changedAt = timestamp;
  delegation.save();
}

function count(address: Address, change: i32, timestamp: BigInt): void {
  if (address.equals(Address.zero())) return;
  const delegate = loadDelegate(address);
  delegate.delegatorCount += change;
  delegate.changedAt = timestamp;
  delegate.save();
}

function loadDelegate(address: Bytes): Delegate {
  const known = Delegate.load(address);
  if (known) return known;
  const delegate = new Delegate(address);
  delegate.votes = BigInt.zero();
  delegate.delegatorCount = 0;
  return delegate;
}
