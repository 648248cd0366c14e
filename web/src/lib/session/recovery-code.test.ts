import { describe, expect, it } from "vitest";
import { fromRecoveryCode, matchesGroup, pickGroups, toRecoveryCode } from "./recovery-code.ts";
import { unwrapSecret, wrapSecret } from "./wrapped-secret.ts";

/*
 * Worked out separately, bit by bit, with another language's SHA-256: secret 00…1f, SHA-256 630dcd…, so the last 24 bits
 * are 630dcd.
 */
const SECRET = Uint8Array.from({ length: 32 }, (_, index) => index);
const CODE = "000G-40R4-0M30-E209-185G-R38E-1W81-24GK-2GAH-C5RR-34D1-P70X-3RFP-63ED";

describe("recovery code", () => {
  it("writes the code worked out by hand", async () => {
    expect(await toRecoveryCode(SECRET)).toBe(CODE);
  });
  it("reads it back with the usual slips of the pen", async () => {
    const sloppy = CODE.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l");
    expect(await fromRecoveryCode(sloppy)).toEqual(SECRET);
  });
  it("refuses a wrong, a missing and an impossible letter", async () => {
    const wrong = CODE.replace("0", "2");
    for (const code of [wrong, CODE.slice(1), CODE.replace("0", "U"), ""]) {
      await expect(fromRecoveryCode(code)).rejects.toMatchObject({ code: "WEB_RECOVERY_CODE" });
    }
  });
  it("asks for three different groups of the fourteen", () => {
    for (let round = 0; round < 200; round++) {
      const groups = pickGroups();
      expect(new Set(groups).size).toBe(3);
      expect(groups.every((group) => group >= 0 && group < 14)).toBe(true);
    }
    expect(matchesGroup(CODE, 0, CODE.slice(0, 4))).toBe(true);
    expect(matchesGroup(CODE, 13, CODE.slice(0, 4))).toBe(false);
  });
});

describe("wrapped secret", () => {
  it("opens to the same secret, under a key that cannot be exported", async () => {
    const wrapped = await wrapSecret(SECRET);
    expect(await unwrapSecret(wrapped)).toEqual(SECRET);
    expect(wrapped.key.extractable).toBe(false);
    expect(wrapped.ciphertext.length).toBe(32 + 16);
    await expect(crypto.subtle.exportKey("raw", wrapped.key)).rejects.toThrow();
  });
  it("does not open when a byte was changed", async () => {
    const wrapped = await wrapSecret(SECRET);
    wrapped.ciphertext[0] = (wrapped.ciphertext[0] as number) ^ 1;
    await expect(unwrapSecret(wrapped)).rejects.toThrow();
  });
});
