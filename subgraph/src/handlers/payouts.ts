import { Credited, Distributed, PotCredited, Withdrawn } from "../../generated/Payouts/Payouts";
import { creditPayee, withdrawCredit } from "../entities/payeeBalance";
import { creditPot, movePot } from "../entities/pot";

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
