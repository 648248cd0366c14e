import { createHmac } from "node:crypto";
import {
  hashMessage,
  type Hex,
  keccak256,
  type LocalAccount,
  parseSignature,
  serializeTransaction,
} from "viem";
import { toAccount } from "viem/accounts";
import { type Typed, typedDigest } from "@salus/sdk/chain/typed-digest";
import type { HpkeOpener } from "@salus/sdk/crypto/hpke";
import type { KeyVault, SigningKey } from "./vault.ts";

/** What the gateway does with its keys, wherever they lie. */
export type Keys = {
  /** the institution's account: pays for transactions, signs vetoes */
  operator: LocalAccount;
  /** signs receipts, failures, reports and requests to other gateways */
  signer: LocalAccount;
  /** opens key shares and model inputs */
  sealing: HpkeOpener;
  /** encrypts key shares and job secrets at rest (AES-256) */
  storage: Uint8Array;
  /** makes pseudorandom salts that a restart must reproduce */
  derive(purpose: string, context: string): Hex;
  /** Lets go of the vault. */
  close(): Promise<void>;
};

/** Puts a vault to use. @throws what the vault throws when it cannot be asked */
export async function keysOf(vault: KeyVault): Promise<Keys> {
  const [storage, saltKey] = await Promise.all([
    vault.derive("salus.gateway.storage.v1"),
    vault.derive("salus.gateway.salts.v1"),
  ]);
  return {
    operator: accountOf(vault.operator),
    signer: accountOf(vault.signer),
    sealing: vault.sealing,
    storage,
    derive: (purpose, context) =>
      `0x${createHmac("sha256", saltKey).update(`${purpose}\n${context}`).digest("hex")}`,
    close: async () => vault.close?.(),
  };
}

/** An account of viem over a key that signs digests. */
function accountOf({ address, sign }: SigningKey): LocalAccount {
  return toAccount({
    address,
    sign: ({ hash }) => sign(hash),
    signMessage: ({ message }) => sign(hashMessage(message)),
    signTypedData: (typed) => sign(typedDigest(typed as unknown as Typed)),
    async signTransaction(transaction, { serializer = serializeTransaction } = {}) {
      const digest = keccak256(await serializer(transaction));
      return (await serializer(transaction, parseSignature(await sign(digest)))) as Hex;
    },
  });
}
