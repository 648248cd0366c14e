import { inspect } from "node:util";
import type { SalusReader } from "@salus/sdk/chain/client";
import { afterEach, expect, it, vi } from "vitest";
import type { GrantView } from "#lib/governance/treasury.ts";
import { readGrantsNow } from "./grants.ts";

const address = (digit: string) => `0x${digit.repeat(40)}` as const;
const grant = (wallet: string): GrantView => ({
  wallet: address(wallet),
  token: address("c"),
  to: address("d"),
  amount: 100n,
  start: 1,
  end: 2,
});

/** A chain on which every wallet but one answers. */
const reader = {
  publicClient: {
    readContract: async ({ address: asked, functionName }: { address: string; functionName: string }) => {
      if (asked === address("b")) throw new Error("nothing is there");
      return functionName === "releasable" ? 7n : 0n;
    },
  },
} as unknown as SalusReader;

afterEach(() => void vi.restoreAllMocks());

it("says of a grant whose wallet does not answer that it is not known, and tells who runs the site why", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const grants = await readGrantsNow(reader, [grant("a"), grant("b")]);
  expect(grants.map(({ releasable }) => releasable)).toEqual([7n, null]);
  expect(logged).toHaveBeenCalledOnce();
  expect(String(logged.mock.calls[0]![0])).toContain(address("b"));
  expect(inspect(logged.mock.calls[0]![1])).toContain("nothing is there");
});
