import { Address, BigInt, Bytes } from "@graphprotocol/graph-ts";
import { ProxyNamed, ProxyRemoved } from "../../generated/ConsentRegistry/ConsentRegistry";
import { Proxy } from "../../generated/schema";
import { wordId } from "../lib/ids";

function proxyId(dataset: BigInt, subject: Address, key: Address): Bytes {
  return wordId(dataset).concat(subject).concat(key);
}

/** A key that is named anew replaces what it was before. */
export function nameProxy(event: ProxyNamed): void {
  const named = event.params;
  const proxy = new Proxy(proxyId(named.dataset, named.subject, named.proxy));
  proxy.dataset = wordId(named.dataset);
  proxy.subject = named.subject;
  proxy.key = named.proxy;
  proxy.rights = named.rights;
  proxy.expiry = named.expiry;
  proxy.since = named.since;
  proxy.timestamp = event.block.timestamp;
  proxy.save();
}

export function removeProxy(event: ProxyRemoved): void {
  const removed = event.params;
  const proxy = Proxy.load(proxyId(removed.dataset, removed.subject, removed.proxy))!;
  proxy.rights = 0;
  proxy.timestamp = event.block.timestamp;
  proxy.save();
}
