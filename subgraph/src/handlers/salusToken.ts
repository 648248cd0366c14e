import { DelegateChanged, DelegateVotesChanged } from "../../generated/SalusToken/SalusToken";
import { changeDelegate, setVotes } from "../entities/delegate";

export function handleDelegateChanged(event: DelegateChanged): void {
  const change = event.params;
  changeDelegate(change.delegator, change.fromDelegate, change.toDelegate, event.block.timestamp);
}

export function handleDelegateVotesChanged(event: DelegateVotesChanged): void {
  setVotes(event.params.delegate, event.params.newVotes, event.block.timestamp);
}
