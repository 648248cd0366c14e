import { createECDH, generateKeyPairSync } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Hex } from "viem";
import { ConfigError } from "../config/config-error.ts";
import { keystorePublicKeys, KeystoreError, openKeystore, sealKeystore } from "./keystore-file.ts";
import { readPassphrase } from "./open-keys.ts";
import { readPlainKeys } from "./plain-file.ts";
import { type PublicKeys, publicKeysOf, type RawKeys } from "./raw-keys.ts";

/** Where the command writes. */
export type Output = { out(text: string): void; err(text: string): void };

const HELP = `node gateway/src/keystore.ts COMMAND --passphrase-file FILE [--json]

  create  --keystore FILE               makes three fresh keys and writes them encrypted
  convert --keystore FILE --plain FILE  encrypts the keys of a plain file {operatorKey, signerKey, sealingKey}
  show    --keystore FILE               opens a keystore and prints its public halves, as the registry wants them

The passphrase is the first line of its file, which its owner alone may read (chmod 600); it has 12 characters or more.
A file that exists is never overwritten. Exit codes: 0 done, 1 refused or failed, 2 not understood.
`;

const SHORTEST_PASSPHRASE = 12;

/** A wrong command line. */
class UsageError extends Error {}
/** A right command line that cannot be carried out, in words. */
class RefusedError extends Error {}

/** Runs the command; the exit code. Neither keys nor passphrase are ever printed. */
export async function runKeystoreCommand(args: string[], output: Output): Promise<number> {
  const json = args.includes("--json");
  try {
    if (args.includes("--help") || args.includes("-h")) {
      output.out(HELP);
      return 0;
    }
    output.out(shown(await run(args), json));
    return 0;
  } catch (error) {
    const known =
      error instanceof UsageError ||
      error instanceof RefusedError ||
      error instanceof ConfigError ||
      error instanceof KeystoreError;
    if (!known) throw error;
    const hint = error instanceof UsageError ? "See --help." : "Correct that and run it again.";
    output.err(json ? `${JSON.stringify({ error: error.message, hint })}\n` : `${error.message} ${hint}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run(args: string[]): Promise<{ keystore: string; keys: PublicKeys }> {
  const { command, keystore, passphraseFile, plain } = readArguments(args);
  const passphrase = readPassphrase("--passphrase-file", passphraseFile);
  if (command === "show") {
    const text = readText(keystore);
    const keys = publicKeysOf(await openKeystore(text, passphrase));
    const shownThere = keystorePublicKeys(text);
    if (keys.sealing !== shownThere.sealing || keys.signer !== shownThere.signer) {
      throw new RefusedError("The keystore shows other public keys than it holds.");
    }
    return { keystore, keys };
  }
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    throw new RefusedError(`The passphrase has fewer than ${SHORTEST_PASSPHRASE} characters.`);
  }
  const keys = command === "create" ? freshKeys() : readPlainKeys(plain!);
  writeNew(keystore, await sealKeystore(keys, passphrase));
  return { keystore, keys: publicKeysOf(keys) };
}

function readArguments(args: string[]) {
  let parsed;
  try {
    const option = { type: "string" } as const;
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: { keystore: option, "passphrase-file": option, plain: option, json: { type: "boolean" } },
    });
  } catch (cause) {
    throw new UsageError((cause as Error).message);
  }
  const { positionals, values } = parsed;
  const [command, ...more] = positionals;
  const { keystore, plain, "passphrase-file": passphraseFile } = values;
  if (!command || more.length > 0 || !["create", "convert", "show"].includes(command)) {
    throw new UsageError("Name one command: create, convert or show.");
  }
  if (!keystore || !passphraseFile) throw new UsageError("--keystore and --passphrase-file are needed.");
  if ((command === "convert") !== (plain !== undefined)) {
    throw new UsageError("--plain belongs to convert, and convert needs it.");
  }
  return { command, keystore, passphraseFile, plain };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new RefusedError(`The file ${path} cannot be read (${code}).`);
  }
}

/** Writes a file of mode 600 that must not exist yet, and waits for the disk. */
function writeNew(path: string, text: string): void {
  let file: number;
  try {
    file = openSync(path, "wx", 0o600);
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new RefusedError(exists ? `The file ${path} exists.` : `The file ${path} cannot be written.`);
  }
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function freshKeys(): RawKeys {
  const sealing = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" }).d!;
  return {
    operatorKey: freshSecp256k1(),
    signerKey: freshSecp256k1(),
    sealingKey: `0x${Buffer.from(sealing, "base64url").toString("hex")}`,
  };
}

/** Node's own generator draws below the group order; random bytes alone could miss it. */
function freshSecp256k1(): Hex {
  const curve = createECDH("secp256k1");
  curve.generateKeys();
  return `0x${curve.getPrivateKey("hex").padStart(64, "0")}`;
}

function shown({ keystore, keys }: { keystore: string; keys: PublicKeys }, json: boolean): string {
  if (json) return `${JSON.stringify({ keystore, ...keys })}\n`;
  const lines = Object.entries(keys).map(([name, value]) => `${name.padEnd(9)} ${value}`);
  return `${[`keystore  ${keystore}`, ...lines].join("\n")}\n`;
}
