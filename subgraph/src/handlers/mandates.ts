import { MandateClosed, MandateCreated, MandateRun } from "../../generated/Mandates/Mandates";
import { addRun, closeMandate, openMandate } from "../entities/mandate";

export function handleMandateCreated(event: MandateCreated): void {
  openMandate(event);
}

export function handleMandateRun(event: MandateRun): void {
  addRun(event);
}

export function handleMandateClosed(event: MandateClosed): void {
  closeMandate(event);
}
