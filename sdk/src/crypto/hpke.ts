import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, EncapError, HkdfSha256 } from "@hpke/core";
import type { Hex } from "viem";
import { SalusError } from "../errors.ts";
import { concat, fromHex, plainBytes, toHex } from "./bytes.ts";

/**
 * HPKE base mode (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, all by WebCrypto: Node 24, and
 * browsers that have X25519 (Chromium 133, Firefox 130, Safari 17).
 *
 * A public key is 32 bytes, so it fits `bytes32 recipientKey` on chain.
 */
const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

const MAGIC = new TextEncoder().encode("SALH");
const VERSION = 1;
const ENC_AT = 5;
const BODY_AT = 37;
const TAG_BYTES = 16;

/** An X25519 key pair as it is stored: public key as on chain, private key as its 32 raw bytes. */
export type HpkeKeyPair = { publicKey: Hex; privateKey: Uint8Array };

/** A private key that lies elsewhere (a key management service, another process), and opens what it is given. */
export type HpkeOpener = {
  publicKey: Hex;
  /** Opens a message of {@link hpkeSeal}, as {@link hpkeOpen} does. */
  open(message: { info: Uint8Array; sealed: Uint8Array }): Promise<Uint8Array>;
};

/** What opens a sealed message: stored bytes, WebCrypto keys (the private one may be non-extractable), or a key elsewhere. */
export type RecipientKey = HpkeKeyPair | CryptoKeyPair | HpkeOpener;

/**
 * A fresh random X25519 key pair.
 *
 * @throws SDK_CRYPTO_UNAVAILABLE where WebCrypto has no X25519
 */
export async function generateHpkeKeyPair(): Promise<HpkeKeyPair> {
  return serialise(await suite.kem.generateKeyPair().catch(unavailable));
}

/**
 * The key pair that RFC 9180 §7.1.3 `DeriveKeyPair` makes of ≥ 32 bytes of secret key material: the same each time.
 *
 * @throws SDK_INVALID_INPUT for less material, SDK_CRYPTO_UNAVAILABLE where WebCrypto has no X25519
 */
export async function deriveHpkeKeyPair(keyMaterial: Uint8Array): Promise<HpkeKeyPair> {
  if (keyMaterial.length < 32) {
    throw new SalusError({
      code: "SDK_INVALID_INPUT",
      message: `Key material has ${keyMaterial.length} bytes; at least 32 are needed.`,
    });
  }
  return serialise(await suite.kem.deriveKeyPair(plainBytes(keyMaterial)).catch(unavailable));
}

/** What to seal or open, and the domain-separated context that both sides must agree on. */
export type SealParameters = { recipientPublicKey: Hex; info: Uint8Array; plaintext: Uint8Array };

/**
 * One HPKE message: magic "SALH" ‖ version 1 ‖ encapsulated key (32) ‖ AES-256-GCM(plaintext) and tag, 53 bytes longer
 * than the plaintext. All that it is bound to is in `info`, whose domain tag names a version too; there is no further
 * associated data.
 *
 * @throws SDK_HPKE_KEY_INVALID for a public key that is none
 */
export async function hpkeSeal({ recipientPublicKey, info, plaintext }: SealParameters): Promise<Uint8Array> {
  const publicKey = await importPublicKey(recipientPublicKey);
  const setup = { recipientPublicKey: publicKey, info: plainBytes(info) };
  const { enc, ct } = await suite.seal(setup, plainBytes(plaintext)).catch((cause: unknown) => {
    if (cause instanceof EncapError) throw invalidKey("The public key is not a usable X25519 key.", cause);
    throw cause;
  });
  return concat(MAGIC, Uint8Array.of(VERSION), new Uint8Array(enc), new Uint8Array(ct));
}

/**
 * Opens a message of {@link hpkeSeal}.
 *
 * @throws SDK_SEALED_MALFORMED, SDK_SEALED_OPEN_FAILED (other key, other context, or changed bytes), SDK_HPKE_KEY_INVALID
 */
export async function hpkeOpen(parameters: {
  recipientKey: RecipientKey;
  info: Uint8Array;
  sealed: Uint8Array;
}): Promise<Uint8Array> {
  const { info, sealed } = parameters;
  checkHeader(sealed);
  if ("open" in parameters.recipientKey) return parameters.recipientKey.open({ info, sealed });
  const recipientKey = await importKeyPair(parameters.recipientKey);
  const enc = plainBytes(sealed.subarray(ENC_AT, BODY_AT));
  const body = plainBytes(sealed.subarray(BODY_AT));
  try {
    return new Uint8Array(await suite.open({ recipientKey, enc, info: plainBytes(info) }, body));
  } catch (cause) {
    throw new SalusError({
      code: "SDK_SEALED_OPEN_FAILED",
      message: "The sealed message is for another key or context, or was changed on the way.",
      details: { size: sealed.length },
      cause,
    });
  }
}

function checkHeader(sealed: Uint8Array): void {
  const known = MAGIC.every((byte, i) => sealed[i] === byte) && sealed[4] === VERSION;
  if (known && sealed.length >= BODY_AT + TAG_BYTES) return;
  throw new SalusError({
    code: "SDK_SEALED_MALFORMED",
    message: "These bytes are not a sealed message of a known version.",
    details: { size: sealed.length },
  });
}

async function serialise(pair: CryptoKeyPair): Promise<HpkeKeyPair> {
  return {
    publicKey: toHex(new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey))),
    privateKey: new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey)),
  };
}

async function importPublicKey(publicKey: Hex): Promise<CryptoKey> {
  const bytes = fromHex(publicKey, 32, "HPKE public key");
  return suite.kem.deserializePublicKey(plainBytes(bytes)).catch(unavailable);
}

async function importKeyPair(key: HpkeKeyPair | CryptoKeyPair): Promise<CryptoKeyPair> {
  if (typeof key.publicKey !== "string") return key as CryptoKeyPair;
  const pair = key as HpkeKeyPair;
  if (pair.privateKey.length !== 32) throw invalidKey("An X25519 private key has 32 bytes.");
  return {
    publicKey: await importPublicKey(pair.publicKey),
    privateKey: await suite.kem.deserializePrivateKey(plainBytes(pair.privateKey)).catch(unavailable),
  };
}

function invalidKey(message: string, cause?: unknown): SalusError {
  return new SalusError({ code: "SDK_HPKE_KEY_INVALID", message, cause });
}

function unavailable(cause: unknown): never {
  throw new SalusError({
    code: "SDK_CRYPTO_UNAVAILABLE",
    message: "This platform's WebCrypto cannot make or load X25519 keys.",
    cause,
  });
}
