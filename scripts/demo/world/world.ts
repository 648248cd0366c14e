import type { Bundle } from "@medplum/fhirtypes";
import { REFERENCE_DAY } from "./days.ts";
import { generatePatient } from "./generate.ts";
import { patientPersonas, WALLET_PERSONAS, type PatientPersona, type WalletPersona } from "./personas.ts";
import type { HospitalSlug } from "./profiles.ts";

/** Data-use terms by their DUO names; what they are as bits is the contracts' affair. */
export type DuoTerm =
  "NRES" | "GRU" | "HMB" | "DS" | "POA" | "NCU" | "NPU" | "IRB" | "GS" | "NO_REIDENTIFICATION";

/** What an order may do with a record. */
export type Mode = "analysis" | "training" | "download";

/** What a patient said yes to, on paper, before the demo world begins. */
export interface ConsentForm {
  id: string;
  /** What the form says, for the evidence that the custodian keeps. */
  statement: string;
  terms: readonly DuoTerm[];
  modes: readonly Mode[];
  /** Last day of the consent. */
  until: string;
}

/** A dataset as a hospital lists it. */
export interface DatasetDescription {
  /** Unique in the demo world. */
  slug: string;
  title: string;
  /** Plain language, for patients and buyers alike. */
  description: string;
  conditions: readonly string[];
  terms: readonly DuoTerm[];
  /** Of a geographical restriction (GS): ISO 3166-1 numeric codes. */
  countries?: readonly number[];
  modes: readonly Mode[];
  /** Price of one order in whole test dollars. */
  price: number;
  /** Least share of a trained model's price for the people whose data trained it, in basis points. */
  royaltyBps: number;
}

/** A study of a hospital, with patients and a dataset of its own beside the cohort. */
export interface StudyDescription {
  dataset: DatasetDescription;
  /** Numbers of its patients in the hospital; none of them has an account. */
  patients: { first: number; last: number };
  form: ConsentForm;
}

/** A hospital of the demo world. */
export interface HospitalDescription {
  slug: HospitalSlug;
  name: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  city: string;
  /** What it is known for, in one line. */
  about: string;
  dataset: DatasetDescription;
  /** Signed by the patients without an account (numbers 1–90), see {@link consentForm}. */
  forms: readonly ConsentForm[];
  studies: readonly StudyDescription[];
}

/** One patient of a hospital, as the hospital's system knows them. */
export interface HospitalPatient {
  hospital: HospitalSlug;
  /** 1–100. */
  number: number;
  /** Numbers 91–100 have an account of their own; for 1–90 the custodian attests the consent it holds. */
  persona: PatientPersona | undefined;
  bundle: Bundle;
}

export const PATIENTS_PER_HOSPITAL = 100;
const ATTESTED_PER_HOSPITAL = 90;
const FORMS_UNTIL = "2035-12-31";

/** The three hospitals. Each journey of the demo has a dataset that permits it and one that refuses it. */
export const HOSPITALS: readonly HospitalDescription[] = [
  {
    slug: "st-anna",
    name: "St. Anna Hospital",
    country: "AT",
    city: "Salzbruck",
    about: "Diabetes and heart medicine",
    // Analysis and download for non-commercial health research: bought by the researcher; the company's commercial
    // purpose is refused (NCU). The patient who stops sharing and the refused key release belong to this dataset.
    dataset: {
      slug: "st-anna-diabetes-heart",
      title: "Diabetes and heart cohort",
      description:
        "Blood sugar, blood pressure, weight, cholesterol, kidney values, diagnoses and medicines of people who " +
        "are treated for diabetes or heart disease at St. Anna Hospital. For health research that does not " +
        "make money.",
      conditions: ["E11.9", "I25.10", "I10", "E78.5"],
      terms: ["HMB", "NCU", "NO_REIDENTIFICATION"],
      modes: ["analysis", "download"],
      price: 40,
      royaltyBps: 1000,
    },
    forms: [
      form("st-anna-research", ["HMB", "NCU", "NO_REIDENTIFICATION"], ["analysis", "download"]),
      form("st-anna-analysis-only", ["HMB", "NCU", "NO_REIDENTIFICATION"], ["analysis"]),
    ],
    studies: [],
  },
  {
    slug: "lakeside",
    name: "Lakeside Medical Center",
    country: "CH",
    city: "Seewil",
    about: "Lungs and general medicine",
    // Analysis and training for any research, commercial too: the company trains its model here.
    dataset: {
      slug: "lakeside-general-lung",
      title: "General and lung medicine cohort",
      description:
        "Blood sugar, blood pressure, weight, oxygen in the blood, diagnoses and medicines of people of all ages " +
        "who come to Lakeside Medical Center with lung disease or for general care. For research of any kind, " +
        "also by companies. Models may be trained, but the records never leave.",
      conditions: ["J45.909", "J44.9", "E11.9", "I10"],
      terms: ["GRU", "NO_REIDENTIFICATION"],
      modes: ["analysis", "training"],
      price: 60,
      royaltyBps: 1000,
    },
    forms: [
      form("lakeside-research", ["GRU", "NO_REIDENTIFICATION"], ["analysis", "training"]),
      form("lakeside-analysis-only", ["GRU", "NO_REIDENTIFICATION"], ["analysis"]),
    ],
    studies: [],
  },
  {
    slug: "north-clinic",
    name: "North Clinic",
    country: "NO",
    city: "Nordvik",
    about: "Kidney and heart medicine",
    // Health research by non-profit organisations only: the university may analyse and train, the company is refused
    // by who it is (NPU), whatever its purpose.
    dataset: {
      slug: "north-clinic-kidney-heart",
      title: "Kidney and heart cohort",
      description:
        "Kidney values, blood pressure, blood counts, weight, diagnoses and medicines of people with kidney or " +
        "heart disease at North Clinic. For health research by universities, hospitals and other non-profit " +
        "organisations.",
      conditions: ["N18.31", "N18.32", "I50.9", "I25.10", "I10"],
      terms: ["HMB", "NPU", "NO_REIDENTIFICATION"],
      modes: ["analysis", "training"],
      price: 50,
      royaltyBps: 1000,
    },
    forms: [
      form("north-clinic-research", ["HMB", "NPU", "NO_REIDENTIFICATION"], ["analysis", "training"]),
      form("north-clinic-analysis-only", ["HMB", "NPU", "NO_REIDENTIFICATION"], ["analysis"]),
    ],
    // Health research in three countries, each use approved by an ethics committee: the researcher applies, the committee
    // grants, the order rests on it.
    studies: [
      {
        dataset: {
          slug: "north-clinic-dialysis",
          title: "Before dialysis study",
          description:
            "Kidney values, blood pressure, blood counts, diagnoses and medicines of forty people whom North Clinic " +
            "followed in the years before dialysis. For health research in Austria, Norway and Switzerland. An " +
            "ethics committee must approve each use.",
          conditions: ["N18.31", "N18.32", "I10"],
          terms: ["HMB", "IRB", "GS", "NO_REIDENTIFICATION"],
          countries: [40, 578, 756],
          modes: ["analysis"],
          price: 30,
          royaltyBps: 1000,
        },
        patients: { first: 101, last: 140 },
        form: form("north-clinic-dialysis", ["HMB", "NO_REIDENTIFICATION"], ["analysis"]),
      },
    ],
  },
];

/** The whole demo world as data. */
export const WORLD = {
  chainId: 31337,
  /** "Today" in the patients' records; also the `asOf` of their import. */
  referenceDay: REFERENCE_DAY,
  hospitals: HOSPITALS,
  patients: HOSPITALS.flatMap(({ slug }) => patientPersonas(slug)),
  wallets: WALLET_PERSONAS,
} as const satisfies {
  chainId: number;
  referenceDay: string;
  hospitals: readonly HospitalDescription[];
  patients: readonly PatientPersona[];
  wallets: readonly WalletPersona[];
};

/** The form that patient `number` (1–90) signed: every tenth agreed to analysis only. */
export function consentForm(hospital: HospitalDescription, number: number): ConsentForm {
  const [broad, narrow] = hospital.forms;
  const chosen = number % 10 === 0 ? narrow : broad;
  if (!chosen || !Number.isInteger(number) || number < 1 || number > ATTESTED_PER_HOSPITAL) {
    throw new RangeError(`Patients 1–${ATTESTED_PER_HOSPITAL} have consent forms; ${number} has none.`);
  }
  return chosen;
}

/** The hundred patients of a hospital, by number. The same seed gives the same bundles. */
export function hospitalPatients(hospital: HospitalSlug, seed?: string): HospitalPatient[] {
  const personas = patientPersonas(hospital);
  return Array.from({ length: PATIENTS_PER_HOSPITAL }, (_, index) => {
    const number = index + 1;
    const persona = personas.find((each) => each.number === number);
    const wishes = persona && { sex: persona.sex, given: persona.given, conditions: persona.conditions };
    return { hospital, number, persona, bundle: generatePatient({ hospital, number, seed, ...wishes }) };
  });
}

/** The patients of a study. The same seed gives the same bundles. */
export function studyPatients(
  hospital: HospitalSlug,
  { patients: { first, last } }: StudyDescription,
  seed?: string,
): HospitalPatient[] {
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const number = first + index;
    return { hospital, number, persona: undefined, bundle: generatePatient({ hospital, number, seed }) };
  });
}

function form(id: string, terms: readonly DuoTerm[], modes: readonly Mode[]): ConsentForm {
  const uses: Record<Mode, string> = {
    analysis: "be counted in analyses",
    training: "be used to train models",
    download: "be handed to approved researchers",
  };
  const what = modes.map((mode) => uses[mode]).join(" and ");
  return {
    id,
    statement: `I agree that my health data may ${what}, for the purposes ${terms.join(", ")}.`,
    terms,
    modes,
    until: FORMS_UNTIL,
  };
}
