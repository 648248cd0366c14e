/** UCUM units that people write otherwise; null where none is said at all (years of birth, plain numbers). */
const WRITTEN: Readonly<Record<string, string | null>> = {
  "1": null,
  a: null,
  "mm[Hg]": "mmHg",
  "kg/m2": "kg/m²",
};

/** What is measured with its unit in brackets, as people write it. @param unit UCUM; null for none */
export function withUnit(label: string, unit: string | null): string {
  const written = unit !== null && unit in WRITTEN ? WRITTEN[unit] : unit;
  return written ? `${label} (${written})` : label;
}
