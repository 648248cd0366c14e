import {
  patientPersonas as accountsOf,
  personaSecret,
  type HospitalSlug,
  type PatientPersona as PersonaWithAccount,
} from "@salus/sdk/local/personas";
import type { ConditionCode } from "./conditions.ts";

export { WALLET_PERSONAS, type WalletPersona, type WalletRole } from "@salus/sdk/local/personas";

/** A patient of the demo world who has an account, with what the generator needs to know. */
export interface PatientPersona extends PersonaWithAccount {
  /** Conditions that the story needs; others are drawn. */
  conditions: readonly ConditionCode[];
  /** 32 bytes, hex with 0x: the account secret. A documented demo secret. */
  accountSecret: `0x${string}`;
}

/** What the tours say of these patients, so it must be so. */
const STORIES: Record<string, readonly ConditionCode[]> = {
  "st-anna-maria": ["E11.9", "I10"],
  "lakeside-luca": ["J45.909"],
  "north-clinic-ingrid": ["N18.31", "I10"],
};

/** Patients of a hospital with account number 91, 92 … 100, in that order. */
export function patientPersonas(hospital: HospitalSlug): PatientPersona[] {
  return accountsOf(hospital).map((persona) => ({
    ...persona,
    conditions: STORIES[persona.id] ?? [],
    accountSecret: demoSecret(persona.id),
  }));
}

/** The documented account secret of a persona: SHA-256 of its name in the demo world. */
export function demoSecret(personaId: string): `0x${string}` {
  return `0x${Buffer.from(personaSecret(personaId)).toString("hex")}`;
}
