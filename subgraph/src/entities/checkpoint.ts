import { CheckpointPosted, EquivocationProven } from "../../generated/LogCheckpoints/LogCheckpoints";
import { Checkpoint, Equivocation, Gateway } from "../../generated/schema";
import { eventId, numberId, numberIds } from "../lib/ids";
import { stamp } from "../lib/stamp";

/** A gateway's log has grown. */
export function createCheckpoint(event: CheckpointPosted): void {
  const checkpoint = new Checkpoint(eventId(event));
  checkpoint.gateway = numberId(event.params.gateway);
  checkpoint.size = event.params.size;
  checkpoint.root = event.params.root;
  checkpoint.signers = numberIds(event.params.signers);
  stamp(checkpoint, event);
  checkpoint.save();
  const gateway = Gateway.load(checkpoint.gateway);
  if (!gateway) return;
  gateway.checkpoint = checkpoint.id;
  gateway.save();
}

/** A gateway was shown to have signed two logs of one size. */
export function createEquivocation(event: EquivocationProven): void {
  const equivocation = new Equivocation(eventId(event));
  equivocation.gateway = numberId(event.params.gateway);
  equivocation.size = event.params.size;
  equivocation.firstRoot = event.params.firstRoot;
  equivocation.secondRoot = event.params.secondRoot;
  equivocation.reporter = event.params.reporter;
  stamp(equivocation, event);
  equivocation.save();
}
