import { Address } from "@graphprotocol/graph-ts";
import { RecipientSet } from "../../generated/Payouts/Payouts";
import { PayoutRecipient, RecipientChange } from "../../generated/schema";
import { eventId } from "../lib/ids";
import { stamp } from "../lib/stamp";

/** A payee says to which address anyone may send their credits, or with the zero address to none. */
export function setRecipient(event: RecipientSet): void {
  const payee = event.params.payee;
  const recipient = event.params.recipient;
  const account = new PayoutRecipient(payee);
  const change = new RecipientChange(eventId(event));
  account.payee = payee;
  account.changedAt = event.block.timestamp;
  change.account = payee;
  change.payee = payee;
  if (recipient.notEqual(Address.zero())) {
    account.recipient = recipient;
    change.recipient = recipient;
  } else {
    account.unset("recipient");
  }
  account.save();
  stamp(change, event);
  change.save();
}
