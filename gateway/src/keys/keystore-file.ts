import { createCipheriv, createDecipheriv, randomBytes, scrypt, type ScryptOptions } from "node:crypto";
import { promisify } from "node:util";
import * as v from "valibot";
import { type PublicKeys, publicKeysOf, type RawKeys, rawKeysSchema } from "./raw-keys.ts";

const stretch = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/**
 * scrypt (RFC 7914) with 128 MiB for each guess: what OWASP's cheat sheet for stored passwords asks for (N = 2^17, r = 8,
 * p = 1).
 */
const COST = { N: 2 ** 17, r: 8, p: 1 };
/** Dearer files than this are refused: reading one must not take the machine down. */
const DEAREST = { N: 2 ** 20, r: 16, p: 4 };
const KEY_BYTES = 32;
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = "salus-keystore";

const hex = (bytes: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`)));
const whole = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
const fileSchema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(1),
  public: v.strictObject({ operator: v.string(), signer: v.string(), sealing: v.string() }),
  kdf: v.strictObject({
    name: v.literal("scrypt"),
    N: v.pipe(
      whole(DEAREST.N),
      v.check((n) => Number.isInteger(Math.log2(n)) && n > 1),
    ),
    r: whole(DEAREST.r),
    p: whole(DEAREST.p),
    salt: hex(SALT_BYTES),
  }),
  cipher: v.strictObject({
    name: v.literal("aes-256-gcm"),
    nonce: hex(NONCE_BYTES),
    text: v.pipe(v.string(), v.regex(/^([0-9a-f]{2}){1,4096}$/)),
    tag: hex(TAG_BYTES),
  }),
});

type KeystoreFile = v.InferOutput<typeof fileSchema>;

/** Why a keystore does not open. Never quotes the file or the passphrase. */
export class KeystoreError extends Error {
  override readonly name = "KeystoreError";
  readonly code: "KEYSTORE_MALFORMED" | "KEYSTORE_LOCKED";

  constructor(code: KeystoreError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Encrypts three keys under a passphrase: AES-256-GCM under scrypt's key, all else in the file as associated data.
 *
 * @param cost of scrypt, for tests; {@link COST} otherwise
 * @returns the file's text
 */
export async function sealKeystore(keys: RawKeys, passphrase: string, cost = COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const head = {
    format: FORMAT,
    version: 1,
    public: publicKeysOf(keys),
    kdf: { name: "scrypt", ...cost, salt: salt.toString("hex") },
  } as const;
  const cipher = createCipheriv("aes-256-gcm", await keyOf(passphrase, head.kdf), nonce);
  cipher.setAAD(bindingOf(head));
  const { operatorKey, signerKey, sealingKey } = keys;
  const plain = Buffer.from(JSON.stringify({ operatorKey, signerKey, sealingKey }));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]).toString("hex");
  plain.fill(0);
  const tag = cipher.getAuthTag().toString("hex");
  const file = { ...head, cipher: { name: "aes-256-gcm", nonce: nonce.toString("hex"), text, tag } };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Opens what {@link sealKeystore} wrote.
 *
 * @throws KeystoreError `KEYSTORE_MALFORMED` for a file that is none, `KEYSTORE_LOCKED` for another passphrase or a changed file
 */
export async function openKeystore(text: string, passphrase: string): Promise<RawKeys> {
  const { cipher, ...head } = parse(text);
  const key = await keyOf(passphrase, head.kdf);
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(cipher.nonce, "hex"))
    .setAAD(bindingOf(head))
    .setAuthTag(Buffer.from(cipher.tag, "hex"));
  let plain: Buffer;
  try {
    plain = Buffer.concat([decipher.update(cipher.text, "hex"), decipher.final()]);
  } catch {
    throw new KeystoreError(
      "KEYSTORE_LOCKED",
      "The passphrase is not this keystore's, or the file was changed.",
    );
  }
  const keys = v.parse(rawKeysSchema, JSON.parse(plain.toString("utf8")));
  plain.fill(0);
  return keys as RawKeys;
}

/** The public halves that a keystore shows without its passphrase. They are believed only once it opens. */
export function keystorePublicKeys(text: string): PublicKeys {
  return parse(text).public as PublicKeys;
}

function parse(text: string): KeystoreFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const parsed = v.safeParse(fileSchema, json);
  if (parsed.success) return parsed.output;
  const place = (parsed.issues && v.getDotPath(parsed.issues[0])) ?? "the whole";
  throw new KeystoreError(
    "KEYSTORE_MALFORMED",
    `The file is no keystore of this version: ${place} is wrong.`,
  );
}

function keyOf(passphrase: string, { N, r, p, salt }: KeystoreFile["kdf"]): Promise<Buffer> {
  const maxmem = 128 * N * r + 128 * r * p + 1024 * 1024;
  return stretch(passphrase.normalize("NFKC"), Buffer.from(salt, "hex"), KEY_BYTES, { N, r, p, maxmem });
}

/** All of the file that is readable, in one order: changing any of it keeps the file from opening. */
function bindingOf({ format, version, public: shown, kdf }: Omit<KeystoreFile, "cipher">): Buffer {
  const { operator, signer, sealing } = shown;
  const { name, N, r, p, salt } = kdf;
  return Buffer.from(JSON.stringify([format, version, operator, signer, sealing, name, N, r, p, salt]));
}
