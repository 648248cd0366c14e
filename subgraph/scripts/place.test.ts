import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { setAddresses } from "./place.ts";

const manifest = readFileSync(join(import.meta.dirname, "../subgraph.yaml"), "utf8");
const names = [...manifest.matchAll(/name: (\w+)\n {4}network: salus\n {4}source:\n {6}address/g)].map(
  ([, name]) => name!,
);
const contracts = Object.fromEntries(
  names.map((name, index) => [name, `0x${String(index + 1).padStart(40, "0")}`]),
);

describe("setAddresses", () => {
  it("gives each data source the address of the contract of its name, and the first block", () => {
    const placed = setAddresses(manifest, { contracts, startBlock: 12 });
    const found = [
      ...placed.matchAll(/name: (\w+)\n.*\n {4}source:\n {6}address: "(\w+)"\n.*\n {6}startBlock: (\d+)/g),
    ];
    expect(found.map(([, name, address, block]) => [name, address, block])).toEqual(
      names.map((name) => [name, contracts[name], "12"]),
    );
    expect(names).toHaveLength(manifest.split("startBlock:").length - 1);
  });

  it("says which contract a deployment lacks", () => {
    const lacking = { ...contracts, Payouts: "" };
    expect(() => setAddresses(manifest, { contracts: lacking })).toThrow("no address of Payouts");
  });
});
