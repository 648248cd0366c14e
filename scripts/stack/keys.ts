import { createECDH, generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { privateKeyToAddress } from "viem/accounts";
import type { Hex } from "viem";
import { writeFileAtomic } from "./files.ts";

/**
 * The keystore of one gateway, a JSON file of mode 0600. All values are 0x-prefixed hex.
 * `operatorKey` (secp256k1) sends its transactions, `signerKey` (secp256k1) signs receipts and answers,
 * `sealingKey` (X25519, 32 raw bytes, RFC 7748) opens key shares sealed to it. The public halves stand beside them.
 */
export interface GatewayKeys extends GatewayPublicKeys {
  version: 1;
  operatorKey: Hex;
  signerKey: Hex;
  sealingKey: Hex;
}

/** What the registry learns of a gateway. */
export interface GatewayPublicKeys {
  operator: Hex;
  signer: Hex;
  sealingPublicKey: Hex;
}

/** Reads the keystore, or makes one with fresh keys when there is none. */
export function ensureGatewayKeys(path: string): GatewayKeys {
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as GatewayKeys;
  const keys = newGatewayKeys();
  writeFileAtomic(path, `${JSON.stringify(keys, null, 2)}\n`, 0o600);
  return keys;
}

function newGatewayKeys(): GatewayKeys {
  const operatorKey = newSecp256k1Key();
  const signerKey = newSecp256k1Key();
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  return {
    version: 1,
    operator: privateKeyToAddress(operatorKey),
    signer: privateKeyToAddress(signerKey),
    sealingPublicKey: base64UrlToHex(publicKey.export({ format: "jwk" }).x),
    operatorKey,
    signerKey,
    sealingKey: base64UrlToHex(privateKey.export({ format: "jwk" }).d),
  };
}

/** Node's own generator draws below the group order; random bytes alone could miss it. */
function newSecp256k1Key(): Hex {
  const curve = createECDH("secp256k1");
  curve.generateKeys();
  return `0x${curve.getPrivateKey("hex").padStart(64, "0")}`;
}

function base64UrlToHex(text: string | undefined): Hex {
  return `0x${Buffer.from(text ?? "", "base64url").toString("hex")}`;
}
