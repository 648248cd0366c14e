import { describe, expect, it } from "vitest";
import type { Address } from "viem";
import { provisionalSubject } from "../consent/provisional-subject.ts";
import { deriveCodeKey, generateOneTimeCode, printOneTimeCode, readOneTimeCode } from "./one-time-code.ts";

const code = Uint8Array.from({ length: 17 }, (_, i) => i + 1);
const registry: Address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const context = { chainId: 31337, registry, dataset: 7n };
const PRINTED = "0410-6105-0R3G-G28A-1C60-T3GF-208T-RH98";

// Expected values from Python: hmac and hashlib for HKDF, secp256k1 and Keccak written from SEC 2 and FIPS 202.
describe("one-time codes", () => {
  it("are printed as the published vector, and read as people type them", () => {
    expect(printOneTimeCode(code)).toBe(PRINTED);
    expect(readOneTimeCode(PRINTED)).toEqual(code);
    expect(readOneTimeCode(` ${PRINTED.toLowerCase().replaceAll("-", " ").replaceAll("0", "o")}\n`)).toEqual(
      code,
    );
  });

  it("give the published key, and the provisional subject that belongs to it", () => {
    const { privateKey, address } = deriveCodeKey(code, context);
    expect(privateKey).toBe("0x1b959c306fdd1dbfaadd93ae3466c7646ba655c4cf4f9b3754cd96e4c557bf3a");
    expect(address.toLowerCase()).toBe("0xe2116a395e7d80e5c179488916686199da2b4ae8");
    expect(provisionalSubject(7n, address).toLowerCase()).toBe("0x87b1777abe73116031d40463bd59db5e3572d0dc");
  });

  it("give unrelated keys and subjects in two datasets, on two chains, and for two codes", () => {
    const keys = [
      deriveCodeKey(code, context),
      deriveCodeKey(code, { ...context, dataset: 8n }),
      deriveCodeKey(code, { ...context, chainId: 1 }),
      deriveCodeKey(generateOneTimeCode(), context),
    ];
    expect(new Set(keys.map(({ address }) => address)).size).toBe(4);
    expect(provisionalSubject(7n, keys[0]!.address)).not.toBe(provisionalSubject(8n, keys[0]!.address));
  });

  it("hold at least 128 random bits and come back from paper", () => {
    const codes = Array.from({ length: 50 }, generateOneTimeCode);
    expect(Math.min(...codes.map((each) => each.length * 8))).toBeGreaterThanOrEqual(128);
    expect(new Set(codes.map(printOneTimeCode)).size).toBe(50);
    for (const each of codes) expect(readOneTimeCode(printOneTimeCode(each))).toEqual(each);
  });

  it("with any one character changed, or two neighbours swapped, are refused", () => {
    const text = PRINTED.replaceAll("-", "");
    const refusal = expect.objectContaining({ code: "SDK_ONE_TIME_CODE_INVALID" });
    for (let i = 0; i < text.length; i++) {
      const replacement = text[i] === "7" ? "8" : "7";
      expect(() => readOneTimeCode(text.slice(0, i) + replacement + text.slice(i + 1))).toThrow(refusal);
      if (i > 0 && text[i] !== text[i - 1]) {
        const swapped = text.slice(0, i - 1) + text[i] + text[i - 1] + text.slice(i + 1);
        expect(() => readOneTimeCode(swapped)).toThrow(refusal);
      }
    }
  });

  it("say what is wrong without repeating the code", () => {
    expect(() => readOneTimeCode(PRINTED.slice(0, -1))).toThrow("has 32 characters; this one has 31");
    expect(() => readOneTimeCode(PRINTED.replace("0R3G", "0U3G"))).toThrow("Group 3 holds a character");
    expect(() => readOneTimeCode(PRINTED.replace("RH98", "RH99"))).toThrow(
      /^(?!.*RH99).*check does not match/,
    );
    expect(() => printOneTimeCode(new Uint8Array(16).fill(1))).toThrow("is 17 random bytes");
  });
});
