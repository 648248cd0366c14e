import { BigInt, ethereum } from "@graphprotocol/graph-ts";
import {
  StakeDeposited,
  StakeSlashed,
  StakeWithdrawalRequested,
  StakeWithdrawn,
} from "../../generated/GatewayRegistry/GatewayRegistry";
import { Gateway, Penalty, StakeChange } from "../../generated/schema";
import { Slashed } from "../../generated/Slashing/Slashing";
import { eventId, numberId } from "../lib/ids";
import { stamp } from "../lib/stamp";

/** Somebody added to a stake. */
export function depositStake(event: StakeDeposited): void {
  const kind = "Deposited";
  changeStake(event, event.params.gateway, kind, event.params.amount, event.params.stake);
}

/** The operator asked for a part of the stake, or took the wish back. */
export function requestStake(event: StakeWithdrawalRequested): void {
  const gateway = Gateway.load(numberId(event.params.gateway));
  if (!gateway) return;
  gateway.stakeLeaving = event.params.amount;
  if (event.params.leavesAt.isZero()) gateway.unset("stakeLeavesAt");
  else gateway.stakeLeavesAt = event.params.leavesAt;
  gateway.save();
}

/** The operator took what was asked for. */
export function withdrawStake(event: StakeWithdrawn): void {
  const kind = "Withdrawn";
  changeStake(event, event.params.gateway, kind, event.params.amount, event.params.stake);
}

/** A part of a stake was lost; a request that was pending is void. */
export function slashStake(event: StakeSlashed): void {
  const kind = "Slashed";
  changeStake(event, event.params.gateway, kind, event.params.amount, event.params.stake);
}

/** What a stake was slashed for. */
export function createPenalty(event: Slashed): void {
  const penalty = new Penalty(event.params.id);
  penalty.gateway = numberId(event.params.gateway);
  penalty.offence = offenceName(event.params.offence);
  penalty.reporter = event.params.reporter;
  penalty.amount = event.params.amount;
  penalty.reward = event.params.reward;
  stamp(penalty, event);
  penalty.save();
}

function changeStake(event: ethereum.Event, number: i32, kind: string, amount: BigInt, stake: BigInt): void {
  const gateway = Gateway.load(numberId(number));
  if (!gateway) return;
  gateway.stake = stake;
  if (kind != "Deposited") {
    gateway.stakeLeaving = BigInt.zero();
    gateway.unset("stakeLeavesAt");
  }
  gateway.save();
  const change = new StakeChange(eventId(event));
  change.gateway = gateway.id;
  change.kind = kind;
  change.amount = amount;
  change.stake = stake;
  stamp(change, event);
  change.save();
}

/** Names of `Offence` in `ISlashing`, in its order. */
function offenceName(offence: i32): string {
  if (offence == 0) return "TwoReceipts";
  return offence == 1 ? "DeniedContributor" : "Equivocation";
}
