/** A `Speaker` of the consent registry, as the schema names it. */
export function roleOf(speaker: i32): string {
  if (speaker == 0) return "CUSTODIAN";
  return speaker == 1 ? "CODE" : "PROXY";
}
