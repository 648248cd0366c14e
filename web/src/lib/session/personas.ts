import {
  HOSPITAL_SLUGS,
  LOCAL_MNEMONIC,
  patientPersonas,
  personaSecret as secretOf,
  WALLET_PERSONAS,
  type PatientPersona,
  type WalletPersona,
  type WalletRole,
} from "@salus/sdk/local/personas";

/** What a persona is here to do; decides the page that follows signing in. */
export type Role = "patient" | WalletRole;

/** A made-up person of the local demo world. */
export interface Persona {
  id: string;
  name: string;
  role: Role;
  /** One line that says who they are. */
  about: string;
  /** Place of their wallet under the local chain's public mnemonic; patients have none. */
  wallet?: number;
}

/** A group of personas under one heading. */
export interface PersonaGroup {
  title: string;
  personas: readonly Persona[];
}

const JOBS: Record<WalletRole, (organisation: string) => string> = {
  researcher: (organisation) => `Studies illnesses at ${organisation}.`,
  developer: (organisation) => `Builds models at ${organisation}.`,
  clinic: (organisation) => `A doctor at ${organisation}, who uses models for patients.`,
  voter: () => "Votes on the rules of Salus.",
  arbitrator: () => "Rules on disputes about orders, with four others.",
  committee: (organisation) => `Decides on studies for the ${organisation}.`,
};

const patients = HOSPITAL_SLUGS.map((hospital) => patientPersonas(hospital).map(fromPatient));

/** The people whom tours use first: one patient of each hospital and everybody with a wallet. */
export const TOUR_PERSONAS: readonly Persona[] = [
  ...patients.flatMap((group) => group.slice(0, 1)),
  ...WALLET_PERSONAS.map(fromWallet),
];

/** The other patients with accounts, by hospital. */
export const MORE_PERSONAS: readonly PersonaGroup[] = HOSPITAL_SLUGS.map((hospital, index) => ({
  title: patientPersonas(hospital)[0]?.hospitalName ?? hospital,
  personas: patients[index]?.slice(1) ?? [],
}));

/** Everybody of the demo world. They exist on chain 31337 only. */
export const PERSONAS: readonly Persona[] = [
  ...TOUR_PERSONAS,
  ...MORE_PERSONAS.flatMap((group) => group.personas),
];

/** Page where a role's journey starts. */
export const HOME: Record<Role, "/me" | "/explore" | "/models" | "/governance" | "/disputes" | "/committee"> =
  {
    patient: "/me",
    researcher: "/explore",
    developer: "/explore",
    clinic: "/models",
    voter: "/governance",
    arbitrator: "/disputes",
    committee: "/committee",
  };

/** The fixed 32-byte account secret of a persona; public, so worthless outside the local chain. */
export function personaSecret(persona: Persona): Uint8Array {
  return secretOf(persona.id);
}

/** The mnemonic under which the wallets of personas are. */
export const PERSONA_MNEMONIC = LOCAL_MNEMONIC;

function fromPatient({ id, given, hospitalName }: PatientPersona): Persona {
  return { id, name: given, role: "patient", about: `A patient of ${hospitalName}.` };
}

function fromWallet({ id, label, role, organisation, walletIndex }: WalletPersona): Persona {
  const name = label.slice(0, label.indexOf(" ("));
  return { id, name, role, about: JOBS[role](organisation), wallet: walletIndex };
}
