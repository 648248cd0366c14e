import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import { Claimed, Funded, Swept } from "../../generated/ContributorRewards/ContributorRewards";
import { Asset, RewardAccount, RewardClaim, RewardSweep } from "../../generated/schema";
import { eventId, wordId } from "../lib/ids";
import { stamp } from "../lib/stamp";
import { touchToken } from "./token";

/** The rewards of a dataset in a token; the caller saves them. */
export function loadRewards(token: Bytes, dataset: BigInt): RewardAccount {
  const asset = wordId(dataset);
  const id = token.concat(asset);
  const known = RewardAccount.load(id);
  if (known) return known;
  const account = new RewardAccount(id);
  account.datasetId = asset;
  if (Asset.load(asset)) account.dataset = asset;
  account.token = touchToken(token).id;
  account.funded = BigInt.zero();
  account.claimed = BigInt.zero();
  account.swept = BigInt.zero();
  return account;
}

export function fundRewards(event: Funded): void {
  const account = loadRewards(event.params.token, event.params.dataset);
  account.funded = account.funded.plus(event.params.amount);
  account.save();
}

export function createClaim(event: Claimed): void {
  const account = loadRewards(event.params.token, event.params.dataset);
  account.claimed = account.claimed.plus(event.params.amount);
  account.save();
  const claim = new RewardClaim(eventId(event));
  claim.account = account.id;
  claim.subject = event.params.subject;
  claim.to = event.params.to;
  claim.amount = event.params.amount;
  stamp(claim, event);
  claim.save();
}

export function createSweep(event: Swept): void {
  const account = loadRewards(event.params.token, event.params.dataset);
  account.swept = account.swept.plus(event.params.amount);
  account.save();
  const sweep = new RewardSweep(eventId(event));
  sweep.account = account.id;
  sweep.subject = event.params.subject;
  sweep.amount = event.params.amount;
  stamp(sweep, event);
  sweep.save();
}
