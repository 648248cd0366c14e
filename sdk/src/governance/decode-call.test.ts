import { describe, expect, test } from "vitest";
import type { Address, Hex } from "viem";
import type { Deployment } from "../chain/deployment.ts";
import { CONTRACT_NAMES } from "../generated/abis.ts";
import { decodeCall } from "./decode-call.ts";

const contracts = Object.fromEntries(
  CONTRACT_NAMES.map((name, index) => [name, `0x${(index + 1).toString(16).padStart(40, "0")}` as Address]),
);
const deployment = { chainId: 31337, startBlock: 0, contracts } as unknown as Deployment;
const escrow = deployment.contracts.AccessEscrow;
const word = (value: string): string => value.padStart(64, "0");

describe("a proposed call", () => {
  test("of a known contract is read by name, with its arguments", () => {
    // setFee(uint16): keccak256("setFee(uint16)")[0:4] = 0x8e005553, computed apart from the SDK; 300 = 0x12c
    const data: Hex = `0x8e005553${word("12c")}`;
    expect(decodeCall(deployment, { target: escrow, data })).toEqual({
      target: escrow,
      contract: "AccessEscrow",
      functionName: "setFee",
      args: [{ name: "feeBps_", type: "uint16", value: 300 }],
    });
  });
  test.each([
    ["an unknown function", `0xdeadbeef${word("1")}` as Hex],
    ["no data", "0x" as Hex],
    ["arguments cut short", "0x8e0055530000" as Hex],
  ])("with %s says that it cannot be read", (_, data) => {
    expect(decodeCall(deployment, { target: escrow, data })).toMatchObject({
      contract: "AccessEscrow",
      functionName: null,
      args: [],
    });
  });
  test("of another contract is not guessed", () => {
    const target = `0x${"ff".repeat(20)}` as const;
    expect(decodeCall(deployment, { target, data: `0x8e005553${word("12c")}` })).toMatchObject({
      contract: null,
      functionName: null,
    });
  });
});
