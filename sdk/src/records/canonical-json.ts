/** A value that {@link canonicalJson} can write: plain JSON. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Canonical JSON after RFC 8785 (JCS): object keys in ascending UTF-16 order, no spaces, numbers as ECMAScript writes them.
 * Properties that are undefined are left out. Equal values give equal bytes, hence equal digests.
 *
 * @throws TypeError for numbers that JSON has no word for; validated values hold none
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const object = value as { readonly [key: string]: Json | undefined };
    const keys = Object.keys(object).filter((key) => object[key] !== undefined);
    return `{${keys.toSorted().map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key]!)}`)}}`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("JSON has no such number.");
  return JSON.stringify(value);
}
