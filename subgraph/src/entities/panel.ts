import { Address, BigInt, Bytes } from "@graphprotocol/graph-ts";
import { PanelElected } from "../../generated/Panels/Panels";
import { Panel, PanelMember } from "../../generated/schema";
import { stamp } from "../lib/stamp";

/** A panel as its election made it; its members have nothing at stake yet. */
export function createPanel(event: PanelElected): void {
  const terms = event.params.terms;
  const panel = new Panel(event.params.panel);
  panel.escrow = event.params.escrow;
  panel.state = "Elected";
  panel.stake = terms.stake;
  panel.termEnds = terms.termEnds;
  stamp(panel, event);
  panel.save();
  for (let i = 0; i < terms.members.length; i++) {
    const member = new PanelMember(memberId(event.params.panel, terms.members[i]));
    member.panel = panel.id;
    member.place = i;
    member.account = terms.members[i];
    member.stake = BigInt.zero();
    member.save();
  }
}

/** Members of a set of seats: bit i is the member at place i. */
export function membersIn(panel: Bytes, seats: i32): Bytes[] {
  const found = Panel.load(panel);
  const list: Bytes[] = [];
  if (!found) return list;
  const members = found.members.load();
  for (let place = 0; place < 5; place++) {
    if ((seats & (1 << place)) == 0) continue;
    for (let i = 0; i < members.length; i++) {
      if (members[i].place == place) list.push(members[i].account);
    }
  }
  return list;
}

/** A member's stake became more or less. */
export function changeMemberStake(panel: Address, account: Address, change: BigInt): void {
  const member = PanelMember.load(memberId(panel, account));
  if (!member) return;
  member.stake = member.stake.plus(change);
  member.save();
}

function memberId(panel: Address, account: Address): Bytes {
  return panel.concat(account);
}
