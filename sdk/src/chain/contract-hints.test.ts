import { expect, test } from "vitest";
import { errorsAbi } from "../generated/abis.ts";
import { contractHints } from "./contract-hints.ts";

/** Errors of contracts that no verb of the SDK reaches: deployment, and minting past the issuance. */
const UNREACHED = [
  "SalusToken_LengthMismatch",
  "SalusToken_NotMinter",
  "Issuance_SupplyZero",
  "TestDollar_OnlyLocal",
];

test("every error of the protocol says what to do next", () => {
  const names = errorsAbi.map(({ name }) => name).filter((name) => !UNREACHED.includes(name));
  expect(names.filter((name) => !contractHints[name])).toEqual([]);
});
