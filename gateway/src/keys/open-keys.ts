import { ConfigError } from "../config/config-error.ts";
import type { KeySource } from "../config/environment.ts";
import { KeystoreError, openKeystore } from "./keystore-file.ts";
import { readPlainKeys } from "./plain-file.ts";
import { readPrivateFile } from "./private-file.ts";
import { memoryVault } from "./raw-keys.ts";
import type { KeyVault } from "./vault.ts";

/**
 * Opens the vault that the environment names: the encrypted keystore, or on the local chain the plain file.
 *
 * @throws ConfigError naming the variable
 */
export async function openKeyVault(source: KeySource): Promise<KeyVault> {
  if ("plainFile" in source) return memoryVault(readPlainKeys(source.plainFile));
  const text = readPrivateFile("SALUS_KEYSTORE_FILE", source.keystore);
  const passphrase = readPassphrase("SALUS_KEYSTORE_PASSPHRASE_FILE", source.passphraseFile);
  try {
    return memoryVault(await openKeystore(text, passphrase));
  } catch (error) {
    if (!(error instanceof KeystoreError)) throw error;
    const variable =
      error.code === "KEYSTORE_LOCKED" ? "SALUS_KEYSTORE_PASSPHRASE_FILE" : "SALUS_KEYSTORE_FILE";
    throw new ConfigError(variable, error.message.replace(/\.$/, ""));
  }
}

/** The first line of a private file. @throws ConfigError */
export function readPassphrase(variable: string, path: string): string {
  const [line = ""] = readPrivateFile(variable, path).split(/\r?\n/, 1);
  if (line !== "") return line;
  throw new ConfigError(variable, "the file's first line is empty; the passphrase stands there");
}
