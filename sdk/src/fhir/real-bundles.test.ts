import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importBundle } from "./import-bundle.ts";

interface RawResource {
  resourceType: string;
  name?: { family?: string; given?: string[] }[];
  identifier?: { value?: string }[];
  telecom?: { value?: string }[];
  address?: { line?: string[]; city?: string; postalCode?: string }[];
}

const root = new URL("../../../", import.meta.url).pathname;
const folder = join(process.env["SALUS_SHARED"] ?? join(root, "../shared"), "data/fhir");
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
if (files.length === 0) console.warn("Skipped: no sample bundles in ../shared/data/fhir (set SALUS_SHARED).");

const KEPT = new Set(
  (
    "Patient Encounter Condition AllergyIntolerance Observation DiagnosticReport Medication MedicationRequest " +
    "MedicationStatement MedicationAdministration Procedure Immunization"
  ).split(" "),
);

describe.skipIf(files.length === 0)("sample bundles of other systems", () => {
  test.each(files)(
    "%s imports: record types kept, the rest counted, nothing that names a person left",
    (file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const { entry } = JSON.parse(text) as { entry: { resource: RawResource }[] };
      const record = importBundle(text, { asOf: "2025-06-30" });

      const types = entry.map(({ resource }) => resource.resourceType);
      const kept = types.filter((type) => KEPT.has(type));
      expect(record.bundle.entry).toHaveLength(kept.length);
      const dropped = record.report.dropped.reduce((sum, { count }) => sum + count, 0);
      expect(dropped).toBe(types.length - kept.length);
      for (const { reason } of record.report.dropped) expect(reason).toBe("not a record resource type");
      console.info(
        `${file.slice(0, 12)}… dropped: ${record.report.dropped.map((d) => `${d.count} ${d.resourceType}`).join(", ")}`,
      );

      const output = new TextDecoder().decode(record.bytes);
      for (const secret of secretsOf(entry.map(({ resource }) => resource))) {
        expect(output.includes(secret), `${secret.length} characters of an identifier`).toBe(false);
      }
      expect(output).not.toMatch(/\d{4}-\d{2}-\d{2}/);
      expect(importBundle(text, { asOf: "2025-06-30" }).bytes).toEqual(record.bytes);
      expect(record.person?.source).toBe("medical-record-number");
    },
  );
});

/** Names, contacts, addresses and long numbers of every person in the bundle. */
function secretsOf(resources: RawResource[]): string[] {
  const people = resources.filter(({ resourceType }) => ["Patient", "Practitioner"].includes(resourceType));
  return people
    .flatMap(({ name, identifier, telecom, address }) => [
      ...(name ?? []).flatMap(({ family, given }) => [family, ...(given ?? [])]),
      ...[...(identifier ?? []), ...(telecom ?? [])].map(({ value }) => value),
      ...(address ?? []).flatMap(({ line, city, postalCode }) => [...(line ?? []), city, postalCode]),
    ])
    .filter((text): text is string => text !== undefined && (text.length > 4 || /^\p{L}{3,}$/u.test(text)));
}
