import { type Hex, numberToHex } from "viem";
import { privateKeyToAccount, publicKeyToAddress } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { generateHpkeKeyPair, openSealed } from "@salus/sdk/crypto/index";
import { recoverSigner, sealToRecipient } from "./cryptography.ts";

/** The vector of go-ethereum's `crypto/signature_test.go`; the address is the end of its public key's Keccak-256. */
const VECTOR = {
  hash: "0xce0677bb30baa8cf067c88db9811f4333d131bf8bcf12fe7065d211dce971008",
  signature:
    "0x90f27b8b488db00b00606796d2987f6a5f59ae62ea05effe84fef5b8b0e549984a691139ad57a3f0b906637673aa2f63d1f55cb1a69199d4009eea23ceaddc9301",
} as const;
const PUBLIC_KEY =
  "04e32df42865e97135acfb65f3bae71bdc86f4d49150ad6a440b6f15878109880a0a2b2667f7e725ceea70c673093bf67663e0312623c8e091b13cf2c0f11ef652";

const word = (n: number): string => n.toString(16).padStart(64, "0");

describe("recoverSigner", () => {
  it("finds the signer of a published vector", async () => {
    expect(await recoverSigner(VECTOR)).toBe(publicKeyToAddress(`0x${PUBLIC_KEY}`));
  });

  it("gives each of many at once its own signer", async () => {
    const signers = Array.from({ length: 40 }, (_, i) =>
      privateKeyToAccount(numberToHex(i + 1, { size: 32 })),
    );
    const hash = VECTOR.hash;
    const signed = await Promise.all(
      signers.map(async ({ sign }) => ({ hash, signature: await sign({ hash }) })),
    );
    const found = await Promise.all(signed.map(recoverSigner));
    expect(found).toEqual(signers.map(({ address }) => address));
  });

  it.each<[string, Hex]>([
    ["nothing", "0x"],
    ["a contract's words", `0x${"ab".repeat(200)}`],
    ["zeros", `0x${"00".repeat(65)}`],
    ["a point that is not on the curve", `0x${word(5)}${word(1)}1b`],
    ["a parity that is none", `${VECTOR.signature.slice(0, -2)}09` as Hex],
  ])("finds nobody in %s, and goes on", async (_, signature) => {
    expect(await recoverSigner({ hash: VECTOR.hash, signature })).toBeUndefined();
    expect(await recoverSigner(VECTOR)).toBeDefined();
  });
});

describe("sealToRecipient", () => {
  const context = {
    chainId: 31337,
    escrow: `0x${"e5".repeat(20)}`,
    orderId: `0x${"0d".repeat(32)}`,
    purpose: "key-release",
  } as const;

  it("seals to the recipient and the order, and keeps nothing of the plaintext here", async () => {
    const recipientKey = await generateHpkeKeyPair();
    const messages = Array.from({ length: 12 }, (_, i) => new Uint8Array(1000 + i).fill(i + 1));
    const plaintexts = messages.map((message) => message.slice());
    const { publicKey: recipientPublicKey } = recipientKey;
    const sealed = await Promise.all(
      plaintexts.map((plaintext) => sealToRecipient({ recipientPublicKey, context, plaintext })),
    );
    expect(plaintexts.map(({ length }) => length)).toEqual(plaintexts.map(() => 0));
    const opened = await Promise.all(
      sealed.map((each) => openSealed({ recipientKey, context, sealed: each })),
    );
    expect(opened.map((bytes) => Buffer.from(bytes))).toEqual(messages.map((bytes) => Buffer.from(bytes)));
    const other = { ...context, orderId: `0x${"0e".repeat(32)}` } as const;
    await expect(openSealed({ recipientKey, context: other, sealed: sealed[0]! })).rejects.toMatchObject({
      code: "SDK_SEALED_OPEN_FAILED",
    });
  });

  it("refuses a key that is none as the sdk does, and goes on", async () => {
    const about = { context, plaintext: new Uint8Array(8) };
    const refused = sealToRecipient({ ...about, recipientPublicKey: `0x${"00".repeat(32)}` });
    await expect(refused).rejects.toMatchObject({
      code: "SDK_HPKE_KEY_INVALID",
      hint: expect.stringContaining("X25519"),
    });
    expect(await recoverSigner(VECTOR)).toBeDefined();
  });
});
