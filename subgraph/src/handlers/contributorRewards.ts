import {
  Claimed,
  Funded,
  LeafDemanded,
  LeafShown,
  RootPosted,
  RootVoided,
  Swept,
} from "../../generated/ContributorRewards/ContributorRewards";
import { createClaim, createSweep, fundRewards } from "../entities/rewardAccount";
import { answerDemand, createDemand, createRoot, voidRoot } from "../entities/rewardRoot";

export function handleFunded(event: Funded): void {
  fundRewards(event);
}

export function handleRootPosted(event: RootPosted): void {
  createRoot(event);
}

export function handleRootVoided(event: RootVoided): void {
  voidRoot(event);
}

export function handleLeafDemanded(event: LeafDemanded): void {
  createDemand(event);
}

export function handleLeafShown(event: LeafShown): void {
  answerDemand(event);
}

export function handleClaimed(event: Claimed): void {
  createClaim(event);
}

export function handleSwept(event: Swept): void {
  createSweep(event);
}
