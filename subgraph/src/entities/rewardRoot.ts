import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import {
  LeafDemanded,
  LeafShown,
  RootPosted,
  RootVoided,
} from "../../generated/ContributorRewards/ContributorRewards";
import { LeafDemand, RewardRoot } from "../../generated/schema";
import { numberId, numberIds, wordId } from "../lib/ids";
import { stamp } from "../lib/stamp";
import { loadRewards } from "./rewardAccount";

/** Names of the contract's `RootFault`, in its order. */
const FAULTS = ["Decrease", "Omission", "Disorder", "WrongSum", "Unavailable"];

export function createRoot(event: RootPosted): void {
  const account = loadRewards(event.params.token, event.params.dataset);
  const root = new RewardRoot(account.id.concat(wordId(event.params.epoch)));
  root.account = account.id;
  root.epoch = event.params.epoch;
  root.root = event.params.root;
  root.total = event.params.total;
  root.count = event.params.count;
  root.leafFile = event.params.leafFile;
  root.claimableAt = event.params.claimableAt;
  root.signers = numberIds(event.params.signers);
  root.openDemands = 0;
  stamp(root, event);
  root.save();
  account.lastRoot = root.id;
  account.save();
}

export function voidRoot(event: RootVoided): void {
  const root = findRoot(event.params.token, event.params.dataset, event.params.epoch);
  if (!root) return;
  root.fault = FAULTS[event.params.fault];
  root.challenger = event.params.challenger;
  root.voidedAt = event.block.timestamp;
  root.openDemands = 0;
  root.save();
}

export function createDemand(event: LeafDemanded): void {
  const root = findRoot(event.params.token, event.params.dataset, event.params.epoch);
  if (!root) return;
  root.openDemands += 1;
  root.save();
  const demand = new LeafDemand(root.id.concat(numberId(event.params.index.toI32())));
  demand.root = root.id;
  demand.index = event.params.index;
  demand.challenger = event.params.challenger;
  demand.answerBy = event.params.answerBy;
  stamp(demand, event);
  demand.save();
}

export function answerDemand(event: LeafShown): void {
  const root = findRoot(event.params.token, event.params.dataset, event.params.epoch);
  if (!root) return;
  root.openDemands -= 1;
  root.save();
  const demand = LeafDemand.load(root.id.concat(numberId(event.params.index.toI32())));
  if (!demand) return;
  demand.answerer = event.params.answerer;
  demand.save();
}

function findRoot(token: Bytes, dataset: BigInt, epoch: BigInt): RewardRoot | null {
  return RewardRoot.load(loadRewards(token, dataset).id.concat(wordId(epoch)));
}
