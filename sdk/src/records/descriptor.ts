import * as v from "valibot";
import type { Hex } from "viem";
import { digestFromCid } from "../cid.ts";
import { toHex } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hash.ts";
import { SalusError } from "../errors.ts";
import { canonicalJson, type Json } from "./canonical-json.ts";
import type { ContentFile } from "./leaf-file.ts";
import { cidOf } from "../cid.ts";
import { cid, describeIssue, uint } from "./validators.ts";

/** Most bytes of a public descriptor. */
export const MAX_DESCRIPTOR_BYTES = 64 * 1024;

/** Counts in a descriptor are multiples of this, so that one more or one less patient does not show. */
export const COUNT_STEP = 10;

const text = (max: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max));

const roundedCount = v.pipe(
  uint(32),
  v.multipleOf(COUNT_STEP, `a multiple of ${COUNT_STEP}`),
  v.minValue(COUNT_STEP, `at least ${COUNT_STEP}`),
);

/** A column of the table that a record becomes. */
const columnSchema = v.strictObject({
  name: v.pipe(
    v.string(),
    v.regex(/^[a-z][a-z0-9_-]{0,62}$/, "a name of lower-case letters, digits, - and _"),
  ),
  type: v.picklist(["integer", "decimal", "string", "boolean", "date", "code"]),
  /** LOINC code of an observation */
  loinc: v.optional(v.pipe(v.string(), v.regex(/^[0-9]{1,7}-[0-9]$/, "a LOINC code such as 4548-4"))),
  /** UCUM unit */
  unit: v.optional(text(40)),
  description: v.optional(text(500)),
});

/** What the records of one schema hold; its digest stands in each record's leaf and is bound to its ciphertext. */
const schemaSchema = v.strictObject({
  name: text(80),
  /** how the plaintext of a record is written */
  mediaType: v.picklist(["application/fhir+json", "text/csv", "application/vnd.apache.parquet"]),
  columns: v.pipe(v.array(columnSchema), v.minLength(1), v.maxLength(300)),
});

const conditionSchema = v.strictObject({
  /** ICD-10 or ICD-10-CM code */
  code: v.pipe(v.string(), v.regex(/^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$/, "an ICD-10 code such as E11.9")),
  subjects: roundedCount,
});

const leafFilesSchema = v.strictObject({
  version: uint(16),
  consents: cid,
  manifest: cid,
  /** who was added, changed and withdrawn since the version before; none for the first version */
  changes: v.optional(cid),
});

/** Subjects added, changed and withdrawn since the version before. */
const changesSchema = v.strictObject({
  since: uint(16),
  added: uint(32),
  changed: uint(32),
  withdrawn: uint(32),
});

const descriptorSchema = v.strictObject({
  format: v.literal("salus-descriptor"),
  formatVersion: v.literal(1),
  title: text(120),
  description: text(4000),
  country: v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, "an ISO 3166-1 alpha-2 code such as DE")),
  conditions: v.pipe(v.array(conditionSchema), v.maxLength(500)),
  /** text of the data-use agreement, byte for byte: its digest is in the dataset's terms */
  agreement: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(20_000))),
  schemas: v.pipe(v.array(schemaSchema), v.minLength(1), v.maxLength(20)),
  contact: v.strictObject({
    name: text(120),
    email: v.optional(v.pipe(v.string(), v.maxLength(254), v.email("an e-mail address"))),
    url: v.optional(
      v.pipe(
        v.string(),
        v.maxLength(500),
        v.url("a web address"),
        v.startsWith("https://", "an address that starts with https://"),
      ),
    ),
  }),
  leafFiles: leafFilesSchema,
  changes: v.optional(changesSchema),
});

/** Shape of a record's table. */
export type RecordSchema = v.InferOutput<typeof schemaSchema>;

/** What anybody may read about a dataset: at most 64 kB of JSON, no personal data, counts rounded. */
export type Descriptor = v.InferOutput<typeof descriptorSchema>;

/** A descriptor as a curator writes it; `buildVersion` adds the leaf files and what changed. */
export type DescriptorDraft = Omit<Descriptor, "format" | "formatVersion" | "leafFiles" | "changes">;

/**
 * Digest of a schema: sha-256 of its canonical JSON.
 *
 * @throws SDK_DESCRIPTOR_INVALID naming the field
 */
export function schemaDigest(schema: RecordSchema): Hex {
  const valid = validate(schemaSchema, schema);
  return toHex(sha256(new TextEncoder().encode(canonicalJson(valid as Json))));
}

/**
 * Validates a descriptor and writes it as canonical JSON. The digest that goes on chain is the SHA-256 inside the content
 * id (`descriptorDigest`).
 *
 * @throws SDK_DESCRIPTOR_INVALID naming the field, SDK_FILE_TOO_LARGE
 */
export function writeDescriptor(descriptor: Descriptor): ContentFile {
  const valid = validate(descriptorSchema, descriptor);
  const bytes = new TextEncoder().encode(canonicalJson(valid as Json));
  assertSize(bytes);
  return { cid: cidOf(bytes), bytes };
}

/** Digest of a written descriptor as it stands on chain: SHA-256 of its bytes, the digest inside its content id. */
export function descriptorDigest(file: ContentFile): Hex {
  return digestFromCid(file.cid);
}

/**
 * Reads a descriptor from anywhere.
 *
 * @throws SDK_FILE_TOO_LARGE, SDK_FILE_MALFORMED (no JSON), SDK_DESCRIPTOR_INVALID naming the field
 */
export function parseDescriptor(bytes: Uint8Array): Descriptor {
  assertSize(bytes);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new SalusError({
      code: "SDK_FILE_MALFORMED",
      message: "The descriptor is not JSON in UTF-8.",
      cause,
    });
  }
  return validate(descriptorSchema, value);
}

/** A count as a descriptor may show it: rounded to the nearest ten; undefined (leave it out) when fewer than ten. */
export function roundCount(count: number): number | undefined {
  return count < COUNT_STEP ? undefined : Math.round(count / COUNT_STEP) * COUNT_STEP;
}

function validate<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const { path, expected } = describeIssue(result.issues[0]);
  throw new SalusError({
    code: "SDK_DESCRIPTOR_INVALID",
    message: `The descriptor is wrong at ${path}: expected ${expected}.`,
    details: { path, expected },
  });
}

function assertSize(bytes: Uint8Array): void {
  if (bytes.length <= MAX_DESCRIPTOR_BYTES) return;
  throw new SalusError({
    code: "SDK_FILE_TOO_LARGE",
    message: `The descriptor has ${bytes.length} bytes; the most is ${MAX_DESCRIPTOR_BYTES}.`,
    hint: "Shorten the description or list fewer columns and conditions.",
    details: { file: "descriptor", size: bytes.length, limit: MAX_DESCRIPTOR_BYTES },
  });
}
