/** What a persona is here to do; decides the page that follows signing in. */
export type Role = "patient" | "researcher" | "developer" | "clinic" | "voter";

/** A made-up person of the local demo world. */
export interface Persona {
  id: string;
  name: string;
  role: Role;
  /** One line that says who they are. */
  about: string;
}

/** The people of the demo world. They exist on chain 31337 only. */
export const PERSONAS: readonly Persona[] = [
  { id: "patient-1", name: "Amara", role: "patient", about: "A patient of the first hospital." },
  { id: "patient-2", name: "Ben", role: "patient", about: "A patient of the second hospital." },
  {
    id: "researcher-1",
    name: "Dr Chen",
    role: "researcher",
    about: "Studies long illnesses at a university.",
  },
  { id: "developer-1", name: "Dana", role: "developer", about: "Builds models that help doctors." },
  { id: "clinic-1", name: "Eastgate Clinic", role: "clinic", about: "Uses models for its patients." },
  { id: "voter-1", name: "Femi", role: "voter", about: "Votes on the rules of Salus." },
];

/** Page where a role's journey starts. */
export const HOME: Record<Role, "/me" | "/explore" | "/models" | "/governance"> = {
  patient: "/me",
  researcher: "/explore",
  developer: "/explore",
  clinic: "/models",
  voter: "/governance",
};

/** The fixed 32-byte secret of a persona: SHA-256 of a public text, so worthless outside the local chain. */
export async function personaSecret(persona: Persona): Promise<Uint8Array> {
  const seed = new TextEncoder().encode(`salus demo persona/${persona.id}`);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", seed));
}
