import { isJsonObject, type JsonObject } from "./json.ts";
import type { KeyedEntry } from "./resolve.ts";

const NAMED_PEOPLE = new Set(["Patient", "Practitioner", "RelatedPerson", "Person"]);
const MOTHERS_NAME = /mothersMaidenName$/;

/** Text that has the look of an identifier: mail and web addresses, long numbers, dates of a day, titles, great ages. */
const LOOKS_IDENTIFYING = [
  /@|https?:|www\./i,
  /\d{5,}/,
  /\d{3}[-. ]\d{3,}/,
  /\d{4}-\d{2}-\d{2}/,
  /\d{1,2}[./]\d{1,2}[./]\d{2,4}/,
  /\b(mr|mrs|ms|dr|prof|herr|frau)\.? [A-Z]/i,
  /\b(9\d|1[0-2]\d)[ -]?(year|yr|y\/?o)/i,
];
const LONGEST_TEXT = 200;

/** Decides whether a short text may stay in a record. */
export type TextScreen = (text: string) => boolean;

/**
 * A screen for the few texts that a record keeps (displays of codes, names of uncoded concepts, coded-like results).
 * A text is refused when it is long, looks identifying, or contains a name, address, number or contact that the
 * bundle itself gives for the patient or for any other person in it. A surname that is also a word costs a display
 * text, never a code.
 */
export function textScreen(entries: readonly KeyedEntry[]): TextScreen {
  const words = new Set<string>();
  for (const { resource, resourceType } of entries) {
    if (NAMED_PEOPLE.has(resourceType)) collectPerson(resource, words);
  }
  return (text) =>
    text.length <= LONGEST_TEXT &&
    !LOOKS_IDENTIFYING.some((pattern) => pattern.test(text)) &&
    !containsAny(normalise(text), words);
}

function collectPerson(person: JsonObject, words: Set<string>): void {
  for (const name of objects(person["name"])) collectName(name, words);
  for (const contact of objects(person["contact"])) collectPerson(contactAsPerson(contact), words);
  for (const { value } of [...objects(person["identifier"]), ...objects(person["telecom"])])
    add(value, words, 4);
  for (const { line, city, district, postalCode, text } of objects(person["address"])) {
    [line, city, district, postalCode, text].flat().forEach((part) => add(part, words, 3));
  }
  for (const { url, valueString } of objects(person["extension"])) {
    if (MOTHERS_NAME.test(String(url))) addWords(valueString, words);
  }
}

function contactAsPerson(contact: JsonObject): JsonObject {
  return { name: [contact["name"]], telecom: contact["telecom"], address: [contact["address"]] };
}

function collectName(name: JsonObject, words: Set<string>): void {
  for (const part of [name["family"], name["given"], name["text"]].flat()) addWords(part, words);
}

/** Adds the whole text and each of its words of three letters or more. */
function addWords(text: unknown, words: Set<string>): void {
  add(text, words, 2);
  if (typeof text === "string") text.split(/[\s,]+/).forEach((word) => add(word, words, 3));
}

function add(text: unknown, words: Set<string>, shortest: number): void {
  if (typeof text !== "string") return;
  const plain = normalise(text);
  if (plain.length >= shortest) words.add(plain);
}

function objects(value: unknown): JsonObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isJsonObject);
}

/** Lower case, without accents, every run of other signs one space: so that "Müller-Lüd." meets "muller lud". */
function normalise(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function containsAny(text: string, words: ReadonlySet<string>): boolean {
  const spaced = ` ${text} `;
  for (const word of words) if (spaced.includes(` ${word} `)) return true;
  return false;
}
