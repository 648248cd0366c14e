import { createDecipheriv, scryptSync } from "node:crypto";
import { parseTransaction, recoverTransactionAddress, verifyMessage, verifyTypedData } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { hpkeSeal } from "@salus/sdk/crypto/hpke";
import { keystorePublicKeys, openKeystore, sealKeystore } from "./keystore-file.ts";
import { keysOf } from "./keys.ts";
import { memoryVault } from "./raw-keys.ts";

/** Cheap, so that the test takes no second for each guess; the default is tried once. */
const CHEAP = { N: 2 ** 10, r: 8, p: 1 };
const PASSPHRASE = "correct horse battery staple";
const KEYS = {
  operatorKey: "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
  signerKey: "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
  sealingKey: "0x77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
} as const;

type File = {
  public: Record<string, string>;
  kdf: { N: number; r: number; p: number; salt: string };
  cipher: { nonce: string; text: string; tag: string };
};
const changed = (text: string, change: (file: File) => void): string => {
  const file = JSON.parse(text) as File;
  change(file);
  return JSON.stringify(file);
};

describe("the keystore file", () => {
  it("opens with its passphrase and holds nothing in plain", async () => {
    const text = await sealKeystore(KEYS, PASSPHRASE, CHEAP);
    expect(await openKeystore(text, PASSPHRASE)).toEqual(KEYS);
    for (const key of Object.values(KEYS)) expect(text).not.toContain(key.slice(2));
    expect(keystorePublicKeys(text)).toMatchObject({
      operator: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
      signer: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
      sealing: "0x8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
    });
  });

  it("costs 128 MiB a guess, and node:crypto alone opens it as its format says", async () => {
    const { kdf, cipher, ...head } = JSON.parse(await sealKeystore(KEYS, PASSPHRASE)) as File & {
      format: string;
      version: number;
    };
    expect(128 * kdf.N * kdf.r).toBe(128 * 1024 * 1024);
    const key = scryptSync(PASSPHRASE, Buffer.from(kdf.salt, "hex"), 32, {
      N: kdf.N,
      r: kdf.r,
      p: kdf.p,
      maxmem: 2 ** 28,
    });
    const shown = head.public;
    const binding = [
      head.format,
      head.version,
      shown["operator"],
      shown["signer"],
      shown["sealing"],
      "scrypt",
      kdf.N,
      kdf.r,
      kdf.p,
      kdf.salt,
    ];
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(cipher.nonce, "hex"))
      .setAAD(Buffer.from(JSON.stringify(binding)))
      .setAuthTag(Buffer.from(cipher.tag, "hex"));
    const plain = decipher.update(cipher.text, "hex", "utf8") + decipher.final("utf8");
    expect(JSON.parse(plain)).toEqual(KEYS);
  });

  it("is never twice the same", async () => {
    const [one, two] = [
      await sealKeystore(KEYS, PASSPHRASE, CHEAP),
      await sealKeystore(KEYS, PASSPHRASE, CHEAP),
    ].map((text) => (JSON.parse(text) as File).cipher.text);
    expect(one).not.toBe(two);
  });

  it("stays shut for another passphrase and for every change of what it shows", async () => {
    const text = await sealKeystore(KEYS, PASSPHRASE, CHEAP);
    const flip = (hex: string) => (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
    const wrong = [
      changed(text, ({ public: shown }) => void (shown["signer"] = shown["operator"]!)),
      changed(text, ({ kdf }) => void (kdf.salt = flip(kdf.salt))),
      changed(text, ({ kdf }) => void (kdf.N *= 2)),
      changed(text, ({ cipher }) => void (cipher.nonce = flip(cipher.nonce))),
      changed(text, ({ cipher }) => void (cipher.text = flip(cipher.text))),
      changed(text, ({ cipher }) => void (cipher.tag = flip(cipher.tag))),
    ];
    const locked = expect.objectContaining({ code: "KEYSTORE_LOCKED" });
    await expect(openKeystore(text, `${PASSPHRASE} `)).rejects.toEqual(locked);
    for (const each of wrong) await expect(openKeystore(each, PASSPHRASE)).rejects.toEqual(locked);
  });

  it("is refused when it is none, and when opening it would take the machine down", async () => {
    const text = await sealKeystore(KEYS, PASSPHRASE, CHEAP);
    for (const bad of [
      "{",
      "null",
      "[]",
      changed(text, ({ kdf }) => void (kdf.N = 2 ** 30)),
      changed(text, ({ kdf }) => void (kdf.N = 1000)),
      changed(text, ({ kdf }) => void (kdf.p = 1e6)),
      changed(text, ({ cipher }) => void (cipher.text = "")),
      changed(text, (file) => void ((file as Record<string, unknown>)["more"] = 1)),
    ]) {
      await expect(openKeystore(bad, PASSPHRASE)).rejects.toMatchObject({ code: "KEYSTORE_MALFORMED" });
    }
  });
});

describe("keys over a vault that only signs digests", () => {
  it("sign messages, typed data and transactions as viem's own accounts do, and open what is sealed", async () => {
    const keys = await keysOf(memoryVault(KEYS));
    const oracle = privateKeyToAccount(KEYS.signerKey);
    const { address } = oracle;
    expect(
      await verifyMessage({
        address,
        message: "m",
        signature: await keys.signer.signMessage({ message: "m" }),
      }),
    ).toBe(true);
    const typed = {
      domain: { name: "Salus Gateway", version: "1", chainId: 1, verifyingContract: address },
      types: { Veto: [{ name: "dataset", type: "uint256" }] },
      primaryType: "Veto",
      message: { dataset: 7n },
    } as const;
    const signature = await keys.signer.signTypedData(typed);
    expect(await verifyTypedData({ address, ...typed, signature })).toBe(true);
    const transaction = {
      type: "eip1559",
      chainId: 31337,
      nonce: 3,
      to: address,
      value: 5n,
      gas: 21_000n,
    } as const;
    const serialized = await keys.signer.signTransaction(transaction);
    expect(await recoverTransactionAddress({ serializedTransaction: serialized as never })).toBe(address);
    expect(parseTransaction(serialized)).toMatchObject({ nonce: 3, value: 5n, gas: 21_000n });
    const info = new TextEncoder().encode("about");
    const plaintext = new TextEncoder().encode("a key share");
    const sealed = await hpkeSeal({ recipientPublicKey: keys.sealing.publicKey, info, plaintext });
    expect(await keys.sealing.open({ info, sealed })).toEqual(plaintext);
  });
});
