import { createPrivateKey, createPublicKey, hkdfSync } from "node:crypto";
import * as v from "valibot";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { hpkeOpen } from "@salus/sdk/crypto/hpke";
import type { KeyVault, SigningKey } from "./vault.ts";

const key = v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{64}$/));

/** The three keys as files hold them: secp256k1 twice and X25519, 32 raw bytes each. */
export const rawKeysSchema = v.object({ operatorKey: key, signerKey: key, sealingKey: key });

export type RawKeys = { operatorKey: Hex; signerKey: Hex; sealingKey: Hex };

/** What the registry learns of a gateway. */
export type PublicKeys = { operator: Hex; signer: Hex; sealing: Hex };

/** The public halves of three keys. */
export function publicKeysOf({ operatorKey, signerKey, sealingKey }: RawKeys): PublicKeys {
  return {
    operator: privateKeyToAccount(operatorKey).address,
    signer: privateKeyToAccount(signerKey).address,
    sealing: publicX25519(bytesOf(sealingKey)),
  };
}

/** A vault over keys in this process's memory. */
export function memoryVault(keys: RawKeys): KeyVault {
  const secret = bytesOf(keys.sealingKey);
  const pair = { publicKey: publicX25519(secret), privateKey: new Uint8Array(secret) };
  return {
    operator: signingKey(keys.operatorKey),
    signer: signingKey(keys.signerKey),
    sealing: {
      publicKey: pair.publicKey,
      open: ({ info, sealed }) => hpkeOpen({ recipientKey: pair, info, sealed }),
    },
    derive: async (purpose) => new Uint8Array(hkdfSync("sha256", secret, "", purpose, 32)),
  };
}

function signingKey(privateKey: Hex): SigningKey {
  const account = privateKeyToAccount(privateKey);
  return { address: account.address, sign: (hash) => account.sign({ hash }) };
}

function bytesOf(hex: Hex): Buffer {
  return Buffer.from(hex.slice(2), "hex");
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
