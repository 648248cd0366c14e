import { CheckpointPosted, EquivocationProven } from "../../generated/LogCheckpoints/LogCheckpoints";
import { createCheckpoint, createEquivocation } from "../entities/checkpoint";

export function handleCheckpointPosted(event: CheckpointPosted): void {
  createCheckpoint(event);
}

export function handleEquivocationProven(event: EquivocationProven): void {
  createEquivocation(event);
}
