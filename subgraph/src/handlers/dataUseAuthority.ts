import {
  AttestationRevoked,
  DiseaseClosureChanged,
  IssuerChanged,
} from "../../generated/DataUseAuthority/DataUseAuthority";
import { changeIssuer } from "../entities/issuer";
import { setParameter } from "../entities/parameter";
import { AttestationRevocation, DiseaseClosure } from "../../generated/schema";
import { eventId } from "../lib/ids";
import { stamp } from "../lib/stamp";

export function handleIssuerChanged(event: IssuerChanged): void {
  changeIssuer(event);
}

/** An issuer may withdraw an attestation twice; the contract tells the first time only. */
export function handleAttestationRevoked(event: AttestationRevoked): void {
  const revocation = new AttestationRevocation(event.params.issuer.concat(event.params.attestation));
  revocation.issuer = event.params.issuer;
  revocation.attestation = event.params.attestation;
  stamp(revocation, event);
  revocation.save();
}

export function handleDiseaseClosureChanged(event: DiseaseClosureChanged): void {
  const closure = new DiseaseClosure(eventId(event));
  closure.root = event.params.root;
  closure.file = event.params.file;
  stamp(closure, event);
  closure.save();
  setParameter("DataUseAuthority.diseaseClosure", event.params.root.toHexString(), event);
}
