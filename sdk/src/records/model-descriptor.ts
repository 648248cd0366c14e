import { cidOf } from "../cid.ts";
import { SalusError } from "../errors.ts";
import { canonicalJson, type Json } from "./canonical-json.ts";
import { MAX_DESCRIPTOR_BYTES } from "./descriptor.ts";
import type { ContentFile } from "./leaf-file.ts";

/** A number that a model needs of a patient. */
export type ModelFeatureDescription = {
  name: string;
  title: string;
  /** UCUM */
  unit: string;
  lower: number;
  upper: number;
};

/** What anybody may read about a model before paying for it; the model's file says the same to the gateway that runs it. */
export type ModelDescriptor = {
  title: string;
  description: string;
  /** what its answer is the probability of, in words */
  predicts: string;
  /** in the order of the model's input */
  features: readonly ModelFeatureDescription[];
};

/**
 * Writes a model's public descriptor as canonical JSON; its SHA-256 (`descriptorDigest`) goes on chain with the listing.
 *
 * @throws SDK_DESCRIPTOR_INVALID naming the field, SDK_FILE_TOO_LARGE
 */
export function writeModelDescriptor(descriptor: ModelDescriptor): ContentFile {
  const { title, description, predicts, features } = descriptor;
  if (title.trim() === "") throw invalid("title", "a text");
  if (features.length === 0) throw invalid("features", "at least one feature");
  const value = {
    format: "salus-model-descriptor",
    formatVersion: 1,
    title,
    description,
    predicts,
    features,
  };
  const bytes = new TextEncoder().encode(canonicalJson(value as unknown as Json));
  if (bytes.length > MAX_DESCRIPTOR_BYTES) throw tooLarge(bytes.length);
  return { cid: cidOf(bytes), bytes };
}

function invalid(path: string, expected: string): SalusError {
  return new SalusError({
    code: "SDK_DESCRIPTOR_INVALID",
    message: `The descriptor is wrong at ${path}: expected ${expected}.`,
    details: { path, expected },
  });
}

function tooLarge(size: number): SalusError {
  return new SalusError({
    code: "SDK_FILE_TOO_LARGE",
    message: `The descriptor has ${size} bytes; the most is ${MAX_DESCRIPTOR_BYTES}.`,
    hint: "Shorten the description.",
    details: { file: "descriptor", size, limit: MAX_DESCRIPTOR_BYTES },
  });
}
