import { expect, test } from "vitest";
import { checkAgreement, hashAgreement } from "./check-agreement.ts";

// keccak256 of the ASCII text "abc", as published with the Keccak submission's test vectors.
const ABC = "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45";

test("an agreement is the keccak256 of its bytes", () => {
  expect(hashAgreement("abc")).toBe(ABC);
  expect(() => checkAgreement({ agreement: ABC }, "abc")).not.toThrow();
  const upper = `0x${ABC.slice(2).toUpperCase()}` as const;
  expect(() => checkAgreement({ agreement: upper }, "abc")).not.toThrow();
});

test.each(["abd", "abc ", "abc\n", "", "ABC", "\ufeffabc"])("another text is refused: %j", (text) => {
  expect(() => checkAgreement({ agreement: ABC }, text)).toThrowError(
    expect.objectContaining({ code: "SDK_AGREEMENT_MISMATCH" }),
  );
});
