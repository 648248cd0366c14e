import { createHash } from "node:crypto";
import type { ConditionCode, Sex } from "./conditions.ts";
import type { HospitalSlug } from "./profiles.ts";

/**
 * The name from which a persona's account secret is made. The secret is public: it exists only in the demo world, on
 * the local chain 31337, and must never hold anything of worth.
 */
const SEED_DOMAIN = "salus/demo-world/1/persona/";

/** A patient of the demo world who has an account. */
export interface PatientPersona {
  /** `st-anna-maria`: unique in the demo world. */
  id: string;
  /** Shown in the persona menu. */
  label: string;
  given: string;
  sex: Sex;
  hospital: HospitalSlug;
  /** The patient's number in the hospital, 91–100. */
  number: number;
  /** Conditions that the story needs; others are drawn. */
  conditions: readonly ConditionCode[];
  /** 32 bytes, hex with 0x: the account secret. A documented demo secret. */
  accountSecret: `0x${string}`;
}

/** How an actor with a wallet takes part. */
export type WalletRole = "researcher" | "developer" | "clinic" | "voter";

/** An actor with a wallet of the local chain's well-known mnemonic. */
export interface WalletPersona {
  id: string;
  label: string;
  role: WalletRole;
  organisation: string;
  /** Non-profit organisations may use datasets for non-profit use; commercial purposes are declared per order. */
  nonProfit: boolean;
  /** m/44'/60'/0'/0/index of anvil's default mnemonic. Start anvil with `--accounts 20`. */
  walletIndex: number;
}

/** First names of the patients with accounts, by hospital; the first of each is the one that tours use. */
const PATIENT_NAMES: Record<HospitalSlug, readonly [string, Sex][]> = {
  "st-anna": [
    ["Maria", "female"],
    ["Jakob", "male"],
    ["Eva", "female"],
    ["Paul", "male"],
    ["Lena", "female"],
    ["Simon", "male"],
    ["Rosa", "female"],
    ["Anton", "male"],
    ["Helene", "female"],
    ["Viktor", "male"],
  ],
  lakeside: [
    ["Luca", "male"],
    ["Nora", "female"],
    ["Marco", "male"],
    ["Elin", "female"],
    ["Noah", "male"],
    ["Sara", "female"],
    ["Tim", "male"],
    ["Alina", "female"],
    ["Reto", "male"],
    ["Carla", "female"],
  ],
  "north-clinic": [
    ["Ingrid", "female"],
    ["Olav", "male"],
    ["Kari", "female"],
    ["Lars", "male"],
    ["Solveig", "female"],
    ["Nils", "male"],
    ["Astrid", "female"],
    ["Erik", "male"],
    ["Liv", "female"],
    ["Henrik", "male"],
  ],
};

const SHORT_NAMES: Record<HospitalSlug, string> = {
  "st-anna": "St. Anna",
  lakeside: "Lakeside",
  "north-clinic": "North Clinic",
};

/** What the tours say of these patients, so it must be so. */
const STORIES: Record<string, readonly ConditionCode[]> = {
  "st-anna-maria": ["E11.9", "I10"],
  "lakeside-luca": ["J45.909"],
  "north-clinic-ingrid": ["N18.31", "I10"],
};

/** Patients of a hospital with account number 91, 92 … 100, in that order. */
export function patientPersonas(hospital: HospitalSlug): PatientPersona[] {
  return PATIENT_NAMES[hospital].map(([given, sex], index) => {
    const id = `${hospital}-${given.toLowerCase()}`;
    return {
      id,
      label: `${given} (patient, ${SHORT_NAMES[hospital]})`,
      given,
      sex,
      hospital,
      number: 91 + index,
      conditions: STORIES[id] ?? [],
      accountSecret: demoSecret(id),
    };
  });
}

/** The documented account secret of a persona: SHA-256 of its name in the demo world. */
export function demoSecret(personaId: string): `0x${string}` {
  return `0x${createHash("sha256")
    .update(SEED_DOMAIN + personaId)
    .digest("hex")}`;
}

/** The personas with wallets: accounts 10–15 of the local chain; 16–19 are free. */
export const WALLET_PERSONAS: readonly WalletPersona[] = [
  {
    id: "researcher",
    label: "Robin (researcher, Harbour University)",
    role: "researcher",
    organisation: "Harbour University",
    nonProfit: true,
    walletIndex: 10,
  },
  {
    id: "developer",
    label: "Dana (developer, Vital Models Ltd)",
    role: "developer",
    organisation: "Vital Models Ltd",
    nonProfit: false,
    walletIndex: 11,
  },
  {
    id: "clinic",
    label: "Chris (doctor, Greenfield Clinic)",
    role: "clinic",
    organisation: "Greenfield Clinic",
    nonProfit: true,
    walletIndex: 12,
  },
  {
    id: "voter-1",
    label: "Alex (token holder)",
    role: "voter",
    organisation: "",
    nonProfit: false,
    walletIndex: 13,
  },
  {
    id: "voter-2",
    label: "Kim (token holder)",
    role: "voter",
    organisation: "",
    nonProfit: false,
    walletIndex: 14,
  },
  {
    id: "voter-3",
    label: "Toni (token holder)",
    role: "voter",
    organisation: "",
    nonProfit: false,
    walletIndex: 15,
  },
];
