import { ConsentChanged } from "../../generated/ConsentRegistry/ConsentRegistry";
import { writeConsent } from "../entities/consent";

export function handleConsentChanged(event: ConsentChanged): void {
  writeConsent(event);
}
