import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureGatewayKeys } from "./keys.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "salus-keys-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (hex: string): Uint8Array => Buffer.from(hex.slice(2), "hex");
const hex = (value: Uint8Array): string => `0x${Buffer.from(value).toString("hex")}`;
/** Ethereum address: the last 20 bytes of keccak-256 over the uncompressed public key without its first byte. */
const addressOf = (key: string): string =>
  hex(keccak_256(secp256k1.getPublicKey(bytes(key), false).slice(1)).slice(-20));

describe("ensureGatewayKeys", () => {
  it("makes key pairs whose public halves an independent implementation derives as well", () => {
    const keys = ensureGatewayKeys(join(folder, "keys.json"));
    expect(keys.operator.toLowerCase()).toBe(addressOf(keys.operatorKey));
    expect(keys.signer.toLowerCase()).toBe(addressOf(keys.signerKey));
    expect(keys.sealingPublicKey).toBe(hex(x25519.getPublicKey(bytes(keys.sealingKey))));
    expect(new Set([keys.operatorKey, keys.signerKey, keys.sealingKey]).size).toBe(3);
  });

  it("keeps the keys of the first start, readable by the owner alone", () => {
    const path = join(folder, "keys.json");
    const first = ensureGatewayKeys(path);
    expect(ensureGatewayKeys(path)).toEqual(first);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
