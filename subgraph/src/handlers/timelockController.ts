import { MinDelayChange } from "../../generated/TimelockController/TimelockController";
import { setNumber } from "../entities/parameter";

export function handleMinDelayChange(event: MinDelayChange): void {
  setNumber("TimelockController.minDelay", event.params.newDuration, event);
}
