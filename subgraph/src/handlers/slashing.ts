import { Slashed } from "../../generated/Slashing/Slashing";
import { createPenalty } from "../entities/stake";

export function handleSlashed(event: Slashed): void {
  createPenalty(event);
}
