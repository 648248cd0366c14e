import { Address, BigInt, Bytes, crypto, ethereum } from "@graphprotocol/graph-ts";
import { ProposalCreated } from "../../generated/SalusGovernor/SalusGovernor";
import { Proposal, ProposalTransition } from "../../generated/schema";
import { eventId, wordId } from "../lib/ids";
import { cut } from "../lib/json";
import { ordinal, stamp } from "../lib/stamp";
import { loadProtocol } from "./protocol";

const MAX_TITLE = 200;

/** A new proposal; times are the token's clock, Unix seconds. */
export function createProposal(event: ProposalCreated): void {
  const stated = event.params;
  const proposal = new Proposal(wordId(stated.proposalId));
  proposal.proposalId = stated.proposalId;
  proposal.proposer = stated.proposer;
  proposal.title = titleOf(stated.description);
  proposal.description = stated.description;
  proposal.descriptionHash = hashText(stated.description);
  proposal.targets = addresses(stated.targets);
  proposal.values = stated.values;
  proposal.calldatas = stated.calldatas;
  proposal.voteStart = stated.voteStart;
  proposal.voteEnd = stated.voteEnd;
  proposal.forVotes = BigInt.zero();
  proposal.againstVotes = BigInt.zero();
  proposal.abstainVotes = BigInt.zero();
  proposal.voterCount = 0;
  proposal.createdAt = event.block.timestamp;
  proposal.ordinal = ordinal(event);
  proposal.createdAtBlock = event.block.number;
  enterProposal(proposal, "Proposed", event);
  const protocol = loadProtocol();
  protocol.proposalCount += 1;
  protocol.save();
}

/** Sets a proposal's state, saves it and keeps the step in its history. */
export function enterProposal(proposal: Proposal, state: string, event: ethereum.Event): void {
  proposal.state = state;
  proposal.save();
  const transition = new ProposalTransition(eventId(event));
  transition.proposal = proposal.id;
  transition.state = state;
  stamp(transition, event);
  transition.save();
}

/** The first line without Markdown's marks of a heading. */
function titleOf(description: string): string {
  let line = description.split("\n")[0];
  while (line.startsWith("#")) line = line.substring(1);
  return cut(line.trim(), MAX_TITLE);
}

function hashText(text: string): Bytes {
  return Bytes.fromByteArray(crypto.keccak256(Bytes.fromUTF8(text)));
}

function addresses(values: Array<Address>): Array<Bytes> {
  const found = new Array<Bytes>();
  for (let i = 0; i < values.length; i++) found.push(values[i]);
  return found;
}
