import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import { Distributed, PotCollected, PotCredited } from "../../generated/Payouts/Payouts";
import { Asset, Pot, PotCollection, PotCredit, PotMove } from "../../generated/schema";
import { eventId, wordId } from "../lib/ids";
import { stamp } from "../lib/stamp";
import { isUsageChannel } from "./channel";
import { isEscrow } from "./escrow";
import { isIssuance } from "./issuance";
import { findParent } from "./parent";
import { loadRewards } from "./rewardAccount";
import { touchToken } from "./token";

/**
 * A deposit. One by an escrow is a settlement, one by the usage channels a claim, one by the issuance the contributors' part
 * of new tokens; anyone else's is a gift.
 */
export function creditPot(event: PotCredited): void {
  const amount = event.params.amount;
  const pot = loadPot(event.params.token, event.params.pot);
  const settles = isEscrow(event.params.depositor);
  const claims = isUsageChannel(event.params.depositor);
  const issues = isIssuance(event.params.depositor);
  pot.balance = pot.balance.plus(amount);
  if (settles || claims) pot.settled = pot.settled.plus(amount);
  else if (issues) pot.issued = pot.issued.plus(amount);
  else pot.donated = pot.donated.plus(amount);
  pot.save();
  const credit = new PotCredit(eventId(event));
  credit.pot = pot.id;
  credit.depositor = event.params.depositor;
  credit.reference = event.params.order;
  if (settles) credit.settlement = event.params.order;
  if (claims) credit.channel = event.params.order;
  if (issues) credit.entitlement = event.params.order;
  credit.amount = amount;
  stamp(credit, event);
  credit.save();
}

/** One part of a model's pot goes one hop up. */
export function movePot(event: Distributed): void {
  const amount = event.params.amount;
  const model = wordId(event.params.asset);
  const from = loadPot(event.params.token, model);
  from.balance = from.balance.minus(amount);
  from.distributed = from.distributed.plus(amount);
  from.save();
  const to = loadPot(event.params.token, event.params.pot);
  nameOwner(to, model);
  to.balance = to.balance.plus(amount);
  to.received = to.received.plus(amount);
  to.save();
  const move = new PotMove(eventId(event));
  move.from = from.id;
  move.to = to.id;
  move.amount = amount;
  stamp(move, event);
  move.save();
}

/** A dataset's pot went to the rewards of its contributors, whose account the rewards' own event raises. */
export function collectPot(event: PotCollected): void {
  const amount = event.params.amount;
  const pot = loadPot(event.params.token, event.params.pot);
  pot.balance = pot.balance.minus(amount);
  pot.collected = pot.collected.plus(amount);
  pot.save();
  const account = loadRewards(event.params.token, event.params.dataset);
  account.save();
  const collection = new PotCollection(eventId(event));
  collection.pot = pot.id;
  collection.account = account.id;
  collection.amount = amount;
  stamp(collection, event);
  collection.save();
}

/** A pot by token and key; the caller saves it. A key that is an asset's id is that asset's own pot. */
function loadPot(token: Bytes, key: Bytes): Pot {
  const id = token.concat(key);
  const known = Pot.load(id);
  if (known) return known;
  const pot = new Pot(id);
  pot.key = key;
  pot.token = touchToken(token).id;
  if (Asset.load(key)) pot.asset = key;
  pot.balance = BigInt.zero();
  pot.settled = BigInt.zero();
  pot.issued = BigInt.zero();
  pot.donated = BigInt.zero();
  pot.received = BigInt.zero();
  pot.distributed = BigInt.zero();
  pot.collected = BigInt.zero();
  return pot;
}

/** A contributors' pot is named by a hash; the model's lineage says of what. */
function nameOwner(pot: Pot, model: Bytes): void {
  if (pot.asset) return;
  const edge = findParent(model, pot.key);
  if (!edge) return;
  pot.asset = edge.parent;
  pot.contributorsRoot = edge.contributorsRoot;
}
