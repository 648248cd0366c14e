import { describe, expect, it } from "vitest";
import { setAddresses } from "./graph.ts";

const MANIFEST = `specVersion: 1.3.0
dataSources:
  - kind: ethereum
    name: AssetRegistry
    network: local
    source:
      address: "0x0000000000000000000000000000000000000000"
      abi: AssetRegistry
      startBlock: 0
    mapping:
      kind: ethereum/events
      abis:
        - name: Payouts
          file: Payouts.json
  - kind: ethereum
    name: Payouts
    network: local
    source:
      abi: Payouts
      address: "0x0000000000000000000000000000000000000000"
      startBlock: 0
templates:
  - kind: file/ipfs
    name: Descriptor
    mapping:
      abis:
        - name: AssetRegistry
          file: AssetRegistry.json
`;

describe("setAddresses", () => {
  it("writes each contract's address and the first block, and nothing else", () => {
    const text = setAddresses(MANIFEST, {
      contracts: { AssetRegistry: "0xaa", Payouts: "0xbb" },
      startBlock: 12,
    });
    const changed = text.split("\n").filter((line, index) => line !== MANIFEST.split("\n")[index]);
    expect(changed).toEqual([
      '      address: "0xaa"',
      "      startBlock: 12",
      '      address: "0xbb"',
      "      startBlock: 12",
    ]);
  });

  it("refuses a data source that is named like no deployed contract", () => {
    expect(() => setAddresses(MANIFEST, { contracts: { AssetRegistry: "0xaa" } })).toThrowError(/Payouts/);
  });
});
