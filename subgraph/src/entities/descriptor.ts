import { Bytes, json, JSONValue, JSONValueKind, TypedMap } from "@graphprotocol/graph-ts";
import { Descriptor } from "../../generated/schema";
import { arrayMember, stringMember, texts } from "../lib/json";

const MAX_BYTES = 65536;
const MAX_TITLE = 300;
const MAX_DESCRIPTION = 10000;
const MAX_NAME = 200;
const MAX_ITEMS = 500;
const MAX_SEARCH = 20000;

/** What a descriptor's file says. Whatever the file holds, there is an entity: with a `problem` if it cannot be read. */
export function createDescriptor(digest: Bytes, cid: string, file: Bytes): void {
  const descriptor = new Descriptor(digest);
  descriptor.cid = cid;
  descriptor.title = "";
  descriptor.description = "";
  descriptor.conditionCodes = [];
  descriptor.conditions = [];
  descriptor.columns = [];
  descriptor.schemas = [];
  descriptor.searchText = "";
  descriptor.raw = "";
  read(descriptor, file);
  descriptor.save();
}

function read(descriptor: Descriptor, file: Bytes): void {
  if (file.length > MAX_BYTES) {
    descriptor.problem = "TooLarge";
    return;
  }
  const parsed = json.try_fromBytes(file);
  if (parsed.isError) {
    descriptor.problem = "NotJson";
    return;
  }
  if (parsed.value.kind != JSONValueKind.OBJECT) {
    descriptor.problem = "NotAnObject";
    return;
  }
  descriptor.raw = file.toString();
  fill(descriptor, parsed.value.toObject());
}

function fill(descriptor: Descriptor, object: TypedMap<string, JSONValue>): void {
  const title = stringMember(object, "title", MAX_TITLE);
  const description = stringMember(object, "description", MAX_DESCRIPTION);
  const conditions = arrayMember(object, "conditions", MAX_ITEMS);
  const schemas = arrayMember(object, "schemas", MAX_ITEMS);
  const columns = columnsOf(object, schemas);
  descriptor.title = title ? title : "";
  descriptor.description = description ? description : "";
  descriptor.country = country(object);
  descriptor.publisher = publisher(object);
  descriptor.conditionCodes = texts(conditions, ["code"], MAX_NAME);
  descriptor.conditions = texts(conditions, ["display", "code"], MAX_NAME);
  descriptor.columns = texts(columns, ["name"], MAX_NAME);
  descriptor.schemas = texts(schemas, ["name", "id", "url"], MAX_NAME);
  descriptor.searchText = searchText(
    descriptor,
    texts(columns, ["display", "description"], MAX_NAME).concat(texts(columns, ["loinc"], MAX_NAME)),
  );
}

/** Columns stand with the schema that they belong to, or at the top. */
function columnsOf(object: TypedMap<string, JSONValue>, schemas: Array<JSONValue>): Array<JSONValue> {
  let columns = arrayMember(object, "columns", MAX_ITEMS);
  for (let i = 0; i < schemas.length && columns.length < MAX_ITEMS; i++) {
    if (schemas[i].kind != JSONValueKind.OBJECT) continue;
    columns = columns.concat(arrayMember(schemas[i].toObject(), "columns", MAX_ITEMS - columns.length));
  }
  return columns;
}

/** The name of whom to ask stands for the publisher where none is stated. */
function publisher(object: TypedMap<string, JSONValue>): string | null {
  const stated = stringMember(object, "publisher", MAX_NAME);
  if (stated) return stated;
  const contact = object.get("contact");
  if (!contact || contact.kind != JSONValueKind.OBJECT) return null;
  return stringMember(contact.toObject(), "name", MAX_NAME);
}

/** Two letters, in upper case; anything else is no country. */
function country(object: TypedMap<string, JSONValue>): string | null {
  const text = stringMember(object, "country", 3);
  if (text === null) return null;
  const code = text.toUpperCase();
  if (code.length != 2) return null;
  for (let i = 0; i < 2; i++) {
    if (code.charCodeAt(i) < 0x41 || code.charCodeAt(i) > 0x5a) return null;
  }
  return code;
}

function searchText(descriptor: Descriptor, columnTexts: Array<string>): string {
  const publisher = descriptor.publisher;
  let parts: Array<string> = [descriptor.title, descriptor.description];
  if (publisher !== null) parts.push(publisher);
  parts = parts
    .concat(descriptor.conditions)
    .concat(descriptor.conditionCodes)
    .concat(descriptor.columns)
    .concat(columnTexts)
    .concat(descriptor.schemas);
  let text = "";
  for (let i = 0; i < parts.length && text.length < MAX_SEARCH; i++) {
    if (parts[i].length > 0) text += parts[i].toLowerCase() + "\n";
  }
  return text;
}
