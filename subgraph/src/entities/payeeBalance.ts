import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import { Credited, Withdrawn } from "../../generated/Payouts/Payouts";
import { Credit, PayeeBalance, Withdrawal } from "../../generated/schema";
import { eventId } from "../lib/ids";
import { stamp } from "../lib/stamp";
import { isEscrow } from "./escrow";
import { touchToken } from "./token";

/** A fixed payee's part. Only a deposit by an escrow is a settlement, whatever order it names. */
export function creditPayee(event: Credited): void {
  const account = loadBalance(event.params.token, event.params.payee);
  account.balance = account.balance.plus(event.params.amount);
  account.credited = account.credited.plus(event.params.amount);
  account.save();
  const credit = new Credit(eventId(event));
  credit.account = account.id;
  credit.payee = event.params.payee;
  credit.depositor = event.params.depositor;
  credit.reference = event.params.order;
  if (isEscrow(event.params.depositor)) credit.settlement = event.params.order;
  credit.amount = event.params.amount;
  stamp(credit, event);
  credit.save();
}

/** A payee took out their credit. */
export function withdrawCredit(event: Withdrawn): void {
  const account = loadBalance(event.params.token, event.params.payee);
  account.balance = account.balance.minus(event.params.amount);
  account.withdrawn = account.withdrawn.plus(event.params.amount);
  account.save();
  const withdrawal = new Withdrawal(eventId(event));
  withdrawal.account = account.id;
  withdrawal.payee = event.params.payee;
  withdrawal.to = event.params.to;
  withdrawal.amount = event.params.amount;
  stamp(withdrawal, event);
  withdrawal.save();
}

function loadBalance(token: Bytes, payee: Bytes): PayeeBalance {
  const id = token.concat(payee);
  const known = PayeeBalance.load(id);
  if (known) return known;
  const account = new PayeeBalance(id);
  account.payee = payee;
  account.token = touchToken(token).id;
  account.balance = BigInt.zero();
  account.credited = BigInt.zero();
  account.withdrawn = BigInt.zero();
  return account;
}
