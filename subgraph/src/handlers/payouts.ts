import {
  Credited,
  Distributed,
  PotCollected,
  PotCredited,
  RecipientSet,
  Withdrawn,
} from "../../generated/Payouts/Payouts";
import { creditPayee, withdrawCredit } from "../entities/payeeBalance";
import { setRecipient } from "../entities/payoutRecipient";
import { collectPot, creditPot, movePot } from "../entities/pot";

export function handleCredited(event: Credited): void {
  creditPayee(event);
}

export function handlePotCredited(event: PotCredited): void {
  creditPot(event);
}

export function handleWithdrawn(event: Withdrawn): void {
  withdrawCredit(event);
}

export function handleDistributed(event: Distributed): void {
  movePot(event);
}

export function handlePotCollected(event: PotCollected): void {
  collectPot(event);
}

export function handleRecipientSet(event: RecipientSet): void {
  setRecipient(event);
}
