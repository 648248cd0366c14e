/**
 * Plain names of common ICD-10-CM codes, for people who do not know the codes by heart. A code that is not here shows as
 * it is. Longer codes take the name of the longest prefix that is listed.
 */
const NAMES: Readonly<Record<string, string>> = {
  C50: "Breast cancer",
  D63: "Anaemia in chronic disease",
  "D63.1": "Anaemia in chronic kidney disease",
  E10: "Type 1 diabetes",
  E11: "Type 2 diabetes",
  E66: "Obesity",
  E78: "High blood fats",
  F32: "Depression",
  I10: "High blood pressure",
  I25: "Heart disease from narrow arteries",
  I48: "Atrial fibrillation",
  I50: "Heart failure",
  J44: "Chronic obstructive lung disease (COPD)",
  J45: "Asthma",
  N18: "Chronic kidney disease",
  "N18.31": "Chronic kidney disease, stage 3a",
  "N18.32": "Chronic kidney disease, stage 3b",
  "N18.4": "Chronic kidney disease, stage 4",
};

/** The name of a condition, or its code where no name is known. */
export function conditionName(code: string): string {
  for (let length = code.length; length >= 3; length--) {
    const name = NAMES[code.slice(0, length)];
    if (name) return name;
  }
  return code;
}

/** Codes whose names contain the words, e.g. "diabetes" → E10, E11. */
export function codesNamed(words: string): string[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === "") return [];
  return Object.entries(NAMES).flatMap(([code, name]) => (name.toLowerCase().includes(wanted) ? [code] : []));
}
