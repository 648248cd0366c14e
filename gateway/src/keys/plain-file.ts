import * as v from "valibot";
import { ConfigError } from "../config/config-error.ts";
import { readPrivateFile } from "./private-file.ts";
import { type RawKeys, rawKeysSchema } from "./raw-keys.ts";

const VARIABLE = "SALUS_KEYS_FILE";

/**
 * Reads keys in plain text, as local stacks have them.
 *
 * @throws ConfigError when others may read the file, or it does not hold three keys; the message never quotes it
 */
export function readPlainKeys(path: string): RawKeys {
  const parsed = v.safeParse(rawKeysSchema, parseJson(readPrivateFile(VARIABLE, path)));
  if (parsed.success) return parsed.output as RawKeys;
  const member = v.getDotPath(parsed.issues[0]) ?? "the whole";
  throw new ConfigError(VARIABLE, `${member} in the file must be 0x and 64 hexadecimal digits`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without the cause: JSON errors quote the text, which is secret here.
    throw new ConfigError(VARIABLE, "the file is not JSON");
  }
}
