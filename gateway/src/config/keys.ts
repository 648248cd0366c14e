import { readFileSync, statSync } from "node:fs";
import { createHmac, createPrivateKey, createPublicKey, hkdfSync } from "node:crypto";
import * as v from "valibot";
import type { Hex, PrivateKeyAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { HpkeKeyPair } from "@salus/sdk/crypto/hpke";
import { ConfigError } from "./config-error.ts";

/** The gateway's keys. They never leave the process. */
export type Keys = {
  /** the institution's account: pays for transactions, signs vetoes */
  operator: PrivateKeyAccount;
  /** signs receipts, failures, reports and requests to other gateways */
  signer: PrivateKeyAccount;
  /** key shares and model inputs are sealed to it */
  sealing: HpkeKeyPair;
  /** encrypts key shares and job secrets at rest (AES-256) */
  storage: Uint8Array;
  /** makes pseudorandom salts that a restart must reproduce */
  derive(purpose: string, context: string): Hex;
};

const key = v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{64}$/, "0x and 64 hexadecimal digits"));
const schema = v.object({ operatorKey: key, signerKey: key, sealingKey: key });

/**
 * Reads the keys file.
 *
 * @throws ConfigError when others may read the file, or it does not hold three keys; the message never quotes it
 */
export function readKeys(path: string): Keys {
  assertPrivate(path);
  const parsed = v.safeParse(schema, readJson(path));
  if (!parsed.success) {
    const member = v.getDotPath(parsed.issues[0]) ?? "the whole";
    throw new ConfigError("SALUS_KEYS_FILE", `${member} in the file must be 0x and 64 hexadecimal digits`);
  }
  const { operatorKey, signerKey, sealingKey } = parsed.output as Record<string, Hex>;
  const secret = Buffer.from(sealingKey!.slice(2), "hex");
  const derived = (info: string) => new Uint8Array(hkdfSync("sha256", secret, "", info, 32));
  const saltKey = derived("salus.gateway.salts.v1");
  return {
    operator: privateKeyToAccount(operatorKey!),
    signer: privateKeyToAccount(signerKey!),
    sealing: {
      privateKey: new Uint8Array(secret),
      publicKey: publicX25519(secret),
    },
    storage: derived("salus.gateway.storage.v1"),
    derive: (purpose, context) =>
      `0x${createHmac("sha256", saltKey).update(`${purpose}\n${context}`).digest("hex")}`,
  };
}

function assertPrivate(path: string): void {
  let mode: number;
  try {
    mode = statSync(path).mode;
  } catch (cause) {
    throw new ConfigError("SALUS_KEYS_FILE", "the file cannot be read", cause);
  }
  if ((mode & 0o077) !== 0) {
    throw new ConfigError("SALUS_KEYS_FILE", "others than its owner may read the file; chmod it to 600");
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // Without the cause: JSON errors quote the text, which is secret here.
    throw new ConfigError("SALUS_KEYS_FILE", "the file is not JSON");
  }
}

/** DER of a PKCS #8 X25519 key up to its 32 raw bytes (RFC 8410). */
const PKCS8_X25519 = Buffer.from("302e020100300506032b656e04220420", "hex");

function publicX25519(secret: Buffer): Hex {
  const der = Buffer.concat([PKCS8_X25519, secret]);
  const { x } = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" })).export({
    format: "jwk",
  });
  return `0x${Buffer.from(x!, "base64url").toString("hex")}`;
}
