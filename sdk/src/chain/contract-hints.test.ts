import { expect, test } from "vitest";
import { errorsAbi } from "../generated/abis.ts";
import { contractHints } from "./contract-hints.ts";

/** Errors of contracts that no verb of the SDK reaches: deployment of a token or of a test token. */
const DEPLOYMENT_ONLY = ["SalusToken_LengthMismatch", "TestDollar_OnlyLocal"];

test("every error of the protocol says what to do next", () => {
  const names = errorsAbi.map(({ name }) => name).filter((name) => !DEPLOYMENT_ONLY.includes(name));
  expect(names.filter((name) => !contractHints[name])).toEqual([]);
});
