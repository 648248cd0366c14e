import { JSONValue, JSONValueKind, TypedMap } from "@graphprotocol/graph-ts";

/** The first `length` UTF-16 units of a text, one fewer where the cut would split a character. */
export function cut(text: string, length: i32): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  const splits = last >= 0xd800 && last <= 0xdbff;
  return text.substring(0, splits ? length - 1 : length);
}

/** A member that is a non-empty string, cut to `length`; otherwise null. */
export function stringMember(object: TypedMap<string, JSONValue>, key: string, length: i32): string | null {
  const value = object.get(key);
  if (!value || value.kind != JSONValueKind.STRING) return null;
  const text = value.toString();
  return text.length > 0 ? cut(text, length) : null;
}

/** A member that is an array, at most `count` of its items; empty for anything else. */
export function arrayMember(object: TypedMap<string, JSONValue>, key: string, count: i32): Array<JSONValue> {
  const value = object.get(key);
  if (!value || value.kind != JSONValueKind.ARRAY) return [];
  return value.toArray().slice(0, count);
}

/** One string of each item: the item itself if it is a string, or the first of its members `keys` that is one. */
export function texts(items: Array<JSONValue>, keys: Array<string>, length: i32): Array<string> {
  const found = new Array<string>();
  for (let i = 0; i < items.length; i++) {
    const text = textOf(items[i], keys, length);
    if (text) found.push(text);
  }
  return found;
}

function textOf(item: JSONValue, keys: Array<string>, length: i32): string | null {
  if (item.kind == JSONValueKind.STRING) return cut(item.toString(), length);
  if (item.kind != JSONValueKind.OBJECT) return null;
  const object = item.toObject();
  for (let i = 0; i < keys.length; i++) {
    const text = stringMember(object, keys[i], length);
    if (text) return text;
  }
  return null;
}
