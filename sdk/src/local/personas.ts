import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { DEMO_COMMITTEE } from "./committee.ts";

/*
 * The made-up people of the demo world, once for the generator and for the web app. They exist on the local chain 31337
 * only; nothing here is a secret, and none of it may hold anything of worth.
 */

/** The development mnemonic whose accounts every local chain funds. Public: for local chains only. */
export const LOCAL_MNEMONIC = "test test test test test test test test test test test junk";

/** The name from which a persona's account secret is made. */
const SEED_DOMAIN = "salus/demo-world/1/persona/";

/** The hospitals of the demo world, by the name of their gateway. */
export type HospitalSlug = "st-anna" | "lakeside" | "north-clinic";

export const HOSPITAL_SLUGS: readonly HospitalSlug[] = ["st-anna", "lakeside", "north-clinic"];

/** Sex as FHIR's administrative gender; the demo world has these two. */
export type PersonaSex = "female" | "male";

/** A patient of the demo world who has an account. */
export interface PatientPersona {
  /** `st-anna-maria`: unique in the demo world. */
  id: string;
  /** Shown in the persona menu. */
  label: string;
  given: string;
  sex: PersonaSex;
  hospital: HospitalSlug;
  /** Name of the hospital as labels write it. */
  hospitalName: string;
  /** The patient's number in the hospital, 91–100. */
  number: number;
}

/** How an actor with a wallet takes part. */
export type WalletRole = "researcher" | "developer" | "clinic" | "voter" | "arbitrator" | "committee";

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
const PATIENT_NAMES: Record<HospitalSlug, readonly [string, PersonaSex][]> = {
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

/** Names of the hospitals as labels write them. */
const SHORT_NAMES: Record<HospitalSlug, string> = {
  "st-anna": "St. Anna",
  lakeside: "Lakeside",
  "north-clinic": "North Clinic",
};

/** Patients of a hospital with account number 91, 92 … 100, in that order. */
export function patientPersonas(hospital: HospitalSlug): PatientPersona[] {
  return PATIENT_NAMES[hospital].map(([given, sex], index) => ({
    id: `${hospital}-${given.toLowerCase()}`,
    label: `${given} (patient, ${SHORT_NAMES[hospital]})`,
    given,
    sex,
    hospital,
    hospitalName: SHORT_NAMES[hospital],
    number: 91 + index,
  }));
}

/** The documented account secret of a persona, 32 bytes: SHA-256 of its name in the demo world. */
export function personaSecret(personaId: string): Uint8Array {
  return sha256(utf8ToBytes(SEED_DOMAIN + personaId));
}

/** The personas with wallets: accounts 10–16 of the local chain, and 5–9 for the arbitrators; 17–19 are free. */
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
  {
    id: "arbitrator-1",
    label: "Ada (arbitrator)",
    role: "arbitrator",
    organisation: "",
    nonProfit: false,
    walletIndex: 5,
  },
  {
    id: "arbitrator-2",
    label: "Ben (arbitrator)",
    role: "arbitrator",
    organisation: "",
    nonProfit: false,
    walletIndex: 6,
  },
  {
    id: "arbitrator-3",
    label: "Cleo (arbitrator)",
    role: "arbitrator",
    organisation: "",
    nonProfit: false,
    walletIndex: 7,
  },
  {
    id: "arbitrator-4",
    label: "Emil (arbitrator)",
    role: "arbitrator",
    organisation: "",
    nonProfit: false,
    walletIndex: 8,
  },
  {
    id: "arbitrator-5",
    label: "Fay (arbitrator)",
    role: "arbitrator",
    organisation: "",
    nonProfit: false,
    walletIndex: 9,
  },
  {
    id: "committee",
    label: "Hanna (Harbour Ethics Committee)",
    role: "committee",
    organisation: DEMO_COMMITTEE.label,
    nonProfit: true,
    walletIndex: DEMO_COMMITTEE.walletIndex,
  },
];
