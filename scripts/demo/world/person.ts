import {
  CONDITIONS,
  KIDNEY_STAGES,
  type ConditionCode,
  type ConditionModel,
  type Sex,
} from "./conditions.ts";
import type { HospitalProfile } from "./profiles.ts";
import type { Random } from "./random.ts";

/** A generated person's health, before it is written down as FHIR. */
export interface Person {
  sex: Sex;
  /** Age in whole years on the reference day. */
  age: number;
  heightCm: number;
  conditions: ReadonlySet<ConditionCode>;
}

/** What the caller fixes of a person; the rest is drawn. */
export interface PersonWishes {
  sex?: Sex;
  age?: number;
  conditions?: readonly ConditionCode[];
}

/** Draws a person of this hospital. */
export function drawPerson(random: Random, profile: HospitalProfile, wishes: PersonWishes = {}): Person {
  const drawnSex: Sex = random.chance(profile.femaleShare) ? "female" : "male";
  const drawnAge = Math.round(random.normal(profile.age.mean, profile.age.deviation));
  const sex = wishes.sex ?? drawnSex;
  const age = wishes.age ?? Math.min(95, Math.max(18, drawnAge));
  // NHANES 2015–2018 anthropometric reference data: 161.3 cm and 175.3 cm, standard deviation about 7 cm.
  const heightCm = Math.round(random.normal(sex === "female" ? 161.3 : 175.3, 7) * 10) / 10;
  return {
    sex,
    age,
    heightCm,
    conditions: drawConditions(random, profile, sex, age, wishes.conditions ?? []),
  };
}

function drawConditions(
  random: Random,
  profile: HospitalProfile,
  sex: Sex,
  age: number,
  wished: readonly ConditionCode[],
): Set<ConditionCode> {
  const found = new Set<ConditionCode>();
  for (const model of CONDITIONS) {
    const drawn = random.chance(probability(model, profile, age, found));
    const possible = (model.only ?? sex) === sex && !hasKidneyStage(found, model.code);
    if (possible && (drawn || wished.includes(model.code))) found.add(model.code);
  }
  return found;
}

/** The prevalence at this age, as odds, times the odds ratios of the hospital and of the conditions already found. */
function probability(
  model: ConditionModel,
  profile: HospitalProfile,
  age: number,
  found: ReadonlySet<ConditionCode>,
): number {
  const share = model.prevalence[age < 45 ? 0 : age < 65 ? 1 : 2];
  // KDIGO 2012: anaemia is found in about a tenth of stage 3a, a quarter of 3b and half of stage 4.
  if (model.code === "D63.1") return found.has("N18.4") ? 0.5 : found.has("N18.32") ? 0.25 : 0;
  let odds = (share / (1 - share)) * (profile.odds[model.code] ?? 1);
  for (const [code, ratio] of Object.entries(model.odds ?? {})) {
    if (found.has(code as ConditionCode)) odds *= ratio;
  }
  return odds / (1 + odds);
}

function hasKidneyStage(found: ReadonlySet<ConditionCode>, next: ConditionCode): boolean {
  return KIDNEY_STAGES.includes(next) && KIDNEY_STAGES.some((stage) => found.has(stage));
}
