import {
  DisputeEnded,
  DisputeOpened,
  EvidenceAdded,
  ExecutorPunished,
  MemberRecused,
  StakeDeposited,
  StakeLost,
  StakeWithdrawn,
  Voted,
} from "../../generated/templates/Disputes/Disputes";
import { Dispute, DisputeDocument, DisputeVote, Order, Recusal, LostStake } from "../../generated/schema";
import { newDispute, rulingName } from "../entities/dispute";
import { changeMemberStake, membersIn } from "../entities/panel";
import { eventId } from "../lib/ids";
import { stamp } from "../lib/stamp";

export function handleDisputeOpened(event: DisputeOpened): void {
  const order = Order.load(event.params.order);
  if (!order) return;
  const dispute = newDispute(order, event);
  dispute.arbitrator = event.address;
  dispute.rulingUntil = event.params.rulingUntil;
  dispute.panel = event.address;
  dispute.state = "Open";
  dispute.opener = event.params.opener;
  dispute.party = partyName(event.params.party);
  if (event.params.party == 3) dispute.subject = event.params.subject;
  dispute.bond = event.params.bond;
  dispute.token = event.params.token;
  dispute.evidenceUntil = event.params.evidenceUntil;
  dispute.seats = membersIn(event.address, event.params.seats);
  dispute.save();
}

export function handleEvidenceAdded(event: EvidenceAdded): void {
  const document = new DisputeDocument(eventId(event));
  document.dispute = event.params.order;
  document.by = event.params.by;
  document.subject = event.params.subject;
  document.digest = event.params.digest;
  stamp(document, event);
  document.save();
}

export function handleMemberRecused(event: MemberRecused): void {
  const recusal = new Recusal(eventId(event));
  recusal.dispute = event.params.order;
  recusal.member = event.params.member;
  recusal.reason = event.params.reason;
  stamp(recusal, event);
  recusal.save();
  const dispute = Dispute.load(event.params.order);
  if (!dispute) return;
  dispute.seats = membersIn(event.address, event.params.seats);
  dispute.save();
}

export function handleDisputeVoted(event: Voted): void {
  const vote = new DisputeVote(eventId(event));
  vote.dispute = event.params.order;
  vote.member = event.params.member;
  vote.ruling = rulingName(event.params.ruling);
  vote.lied = event.params.lied;
  vote.reason = event.params.reason;
  stamp(vote, event);
  vote.save();
  const dispute = Dispute.load(event.params.order);
  if (!dispute) return;
  const tally = dispute.tally;
  tally[event.params.ruling] += 1;
  dispute.tally = tally;
  dispute.save();
}

export function handleDisputeEnded(event: DisputeEnded): void {
  const dispute = Dispute.load(event.params.order);
  if (!dispute) return;
  dispute.state = stateName(event.params.state);
  dispute.lied = event.params.lied;
  dispute.returned = event.params.returned;
  dispute.memberFee = event.params.fee;
  dispute.forfeited = event.params.forfeited;
  dispute.endedAt = event.block.timestamp;
  dispute.endedIn = event.transaction.hash;
  dispute.save();
}

export function handleExecutorPunished(event: ExecutorPunished): void {
  const dispute = Dispute.load(event.params.order);
  if (!dispute) return;
  dispute.penalty = event.params.amount;
  dispute.save();
}

export function handleMemberStaked(event: StakeDeposited): void {
  changeMemberStake(event.address, event.params.member, event.params.amount);
}

export function handleStakeLost(event: StakeLost): void {
  changeMemberStake(event.address, event.params.member, event.params.amount.neg());
  const loss = new LostStake(eventId(event));
  loss.dispute = event.params.order;
  loss.member = event.params.member;
  loss.amount = event.params.amount;
  stamp(loss, event);
  loss.save();
}

export function handleMemberWithdrew(event: StakeWithdrawn): void {
  changeMemberStake(event.address, event.params.member, event.params.amount.neg());
}

/** Solidity's enum Party. */
function partyName(party: i32): string {
  if (party == 1) return "Buyer";
  return party == 2 ? "Custodian" : "Contributor";
}

/** Solidity's enum DisputeState, of a dispute that ended. */
function stateName(state: i32): string {
  if (state == 2) return "Ruled";
  if (state == 3) return "Undecided";
  return state == 4 ? "TooFewLeft" : "Silent";
}
