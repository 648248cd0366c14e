import { hkdfSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { encodePacked, keccak256, stringToBytes, type Address } from "viem";
import { deriveSubjectKey, deriveRequestKey, derivePayoutKey, generateAccountSecret } from "./derive.ts";
import { decodeRecoveryCode, encodeRecoveryCode } from "./recovery-code.ts";

const secret = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const registry: Address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const context = { chainId: 31337, registry, dataset: 7n };

describe("HKDF", () => {
  it("agrees with RFC 5869, test case 1", () => {
    const okm = hkdf(
      sha256,
      new Uint8Array(22).fill(0x0b),
      Uint8Array.from({ length: 13 }, (_, i) => i),
      Uint8Array.from({ length: 10 }, (_, i) => 0xf0 + i),
      42,
    );
    expect(Buffer.from(okm).toString("hex")).toBe(
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    );
  });
});

describe("derived keys", () => {
  // Expected values from Python: cryptography's HKDF and secp256k1, and a Keccak written from FIPS 202.
  it("of a subject, a payout address and a requester are the published vectors", () => {
    expect(deriveSubjectKey(secret, context)).toEqual({
      privateKey: "0xd217ae300ffab9e3decf4b86251f2daad38b1e3616c81cbfc54604af561c5d92",
      address: expect.stringMatching(/^0x76a37cdba3e09c29beb08e728f0234b1001b9404$/i),
    });
    expect(derivePayoutKey(secret, context)).toEqual({
      privateKey: "0xc9705b4c65e33fbe423586704cea58022aa6bf9c96d9effdb992e37d73627002",
      address: expect.stringMatching(/^0x5b5baffd6111e836eecfe3717917c2ffb1ce086d$/i),
    });
    expect(deriveRequestKey(secret, 31337)).toEqual({
      privateKey: "0x5fbbc88a10a64c9713f1fd7acc1113b7a392739d6092970798c70cd0ab414562",
      address: expect.stringMatching(/^0x44061fb0d5a11d9dfaf91eb7c9f454b01adbc262$/i),
    });
  });

  it("agree with node:crypto's HKDF for any secret, chain, registry and dataset", () => {
    const bytes = (n: number) => fc.uint8Array({ minLength: n, maxLength: n });
    const dataset = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    fc.assert(
      fc.property(
        bytes(32),
        fc.integer({ min: 1, max: 2 ** 40 }),
        bytes(20),
        dataset,
        (ikm, chainId, r, id) => {
          fc.pre(ikm.some((byte) => byte !== 0));
          const address = `0x${Buffer.from(r).toString("hex")}` as Address;
          const info = encodePacked(
            ["bytes32", "uint256", "uint256", "uint256"],
            [keccak256(stringToBytes("salus.subject.v1")), BigInt(chainId), BigInt(address), id],
          );
          const okm = Buffer.from(hkdfSync("sha256", ikm, "", Buffer.from(info.slice(2), "hex"), 48));
          const order = 2n ** 256n - 0x14551231950b75fc4402da1732fc9bebfn;
          const expected = (BigInt(`0x${okm.toString("hex")}`) % (order - 1n)) + 1n;
          const key = deriveSubjectKey(ikm, { chainId, registry: address, dataset: id });
          expect(BigInt(key.privateKey)).toBe(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("differ whenever secret, purpose, chain, registry or dataset differ", () => {
    const other = Uint8Array.from(secret).fill(9, 31);
    const addresses = [
      deriveSubjectKey(secret, context),
      deriveSubjectKey(other, context),
      deriveSubjectKey(secret, { ...context, chainId: 1 }),
      deriveSubjectKey(secret, { ...context, registry: `0x${"11".repeat(20)}` }),
      deriveSubjectKey(secret, { ...context, dataset: 8n }),
      derivePayoutKey(secret, context),
      deriveRequestKey(secret, 31337),
      deriveRequestKey(secret, 1),
    ].map((key) => key.address);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it("refuse a secret that is not 32 bytes, or all zero", () => {
    const refusal = expect.objectContaining({ code: "SDK_ACCOUNT_SECRET_INVALID" });
    expect(() => deriveSubjectKey(new Uint8Array(31).fill(1), context)).toThrow(refusal);
    expect(() => deriveSubjectKey(new Uint8Array(32), context)).toThrow(refusal);
  });
});

describe("recovery codes", () => {
  // Python: int.from_bytes(secret + sha256(tag + secret)[:3]) in Crockford's alphabet
  const CODE = "0410-6105-0R3G-G28A-1C60-T3GF-208H-44RM-2MB1-E60S-38DH-R78Y-3WGE-SC72";

  it("are the published vector", () => {
    expect(encodeRecoveryCode(secret)).toBe(CODE);
    expect(decodeRecoveryCode(CODE)).toEqual(secret);
  });

  it("read as people type them: lower case, spaces, O for 0, I or L for 1", () => {
    const typed = CODE.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l");
    expect(decodeRecoveryCode(` ${typed}\n`)).toEqual(secret);
    expect(decodeRecoveryCode(CODE.replaceAll("1", "I").replaceAll("-", ""))).toEqual(secret);
  });

  it("come back for any secret", () => {
    for (let i = 0; i < 50; i++) {
      const random = generateAccountSecret();
      expect(decodeRecoveryCode(encodeRecoveryCode(random))).toEqual(random);
    }
  });

  it("with any one character changed, or two neighbours swapped, are refused", () => {
    const text = CODE.replaceAll("-", "");
    const refusal = expect.objectContaining({ code: "SDK_RECOVERY_CODE_INVALID" });
    for (let i = 0; i < text.length; i++) {
      const replacement = text[i] === "7" ? "8" : "7";
      expect(() => decodeRecoveryCode(text.slice(0, i) + replacement + text.slice(i + 1))).toThrow(refusal);
      if (i > 0 && text[i] !== text[i - 1]) {
        const swapped = text.slice(0, i - 1) + text[i] + text[i - 1] + text.slice(i + 1);
        expect(() => decodeRecoveryCode(swapped)).toThrow(refusal);
      }
    }
  });

  it("say what is wrong without repeating the code", () => {
    expect(() => decodeRecoveryCode(CODE.slice(0, -1))).toThrow("has 56 characters; this one has 55");
    expect(() => decodeRecoveryCode(CODE.replace("0R3G", "0U3G"))).toThrow("Group 3 holds a character");
    expect(() => decodeRecoveryCode(CODE.replace("C72", "C73"))).toThrow(/^(?!.*C73).*check does not match/);
  });
});
