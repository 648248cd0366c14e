import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { EIP712_TYPES } from "../generated/eip712.ts";

/* The claim's descriptor (ERC-7730, version 1): a wallet shows receiver, sum and currency, and every other member. */
const file = new URL("./claim.json", import.meta.url);
const { context, display } = JSON.parse(readFileSync(file, "utf8"));
const { Claim: format } = display.formats;

it("covers the claim as the rewards contract takes it signed", () => {
  expect(context.eip712.domain).toEqual({ name: "Salus ContributorRewards", version: "1" });
  expect(context.eip712.schemas[0].types.Claim).toEqual(EIP712_TYPES.Claim);
});

it("shows every member, the receiver first", () => {
  const shown = format.fields.map(({ path }: { path: string }) => path);
  expect(shown[0]).toBe("to");
  expect(shown.toSorted()).toEqual(EIP712_TYPES.Claim.map(({ name }) => name as string).toSorted());
  expect(format.required.toSorted()).toEqual(shown.toSorted());
  expect(format.excluded).toEqual([]);
});

it("shows the sum in the claim's own currency", () => {
  const upTo = format.fields.find(({ path }: { path: string }) => path === "upTo");
  expect(upTo).toMatchObject({ format: "tokenAmount", params: { tokenPath: "token" } });
});
