import { IssuerChanged } from "../../generated/DataUseAuthority/DataUseAuthority";
import { Issuer, IssuerChange } from "../../generated/schema";
import { eventId } from "../lib/ids";
import { stamp } from "../lib/stamp";

/** What an issuer may attest from now on, and the change in its history. */
export function changeIssuer(event: IssuerChanged): void {
  const issuer = new Issuer(event.params.issuer);
  issuer.kinds = event.params.kinds;
  issuer.until = event.params.until;
  issuer.save();
  const change = new IssuerChange(eventId(event));
  change.issuer = issuer.id;
  change.kinds = issuer.kinds;
  change.until = issuer.until;
  stamp(change, event);
  change.save();
}
