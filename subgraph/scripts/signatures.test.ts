import { describe, expect, it } from "vitest";
import { type AbiItem, setEvents } from "./signatures.ts";

const manifest = `dataSources:
  - name: Shop
    source:
      abi: Shop
    mapping:
      eventHandlers:
        - event: Sold
          handler: handleSold
        - event: Closed(old)
          handler: handleClosed
`;
const item = {
  type: "tuple[]",
  components: [{ type: "uint256" }, { type: "tuple", components: [{ type: "bytes32" }] }],
};
const abi: AbiItem[] = [
  { type: "event", name: "Sold", inputs: [{ type: "address", indexed: true }, item] },
  { type: "event", name: "Closed", inputs: [] },
  { type: "function", name: "Sold" },
];

describe("setEvents", () => {
  it("spells out indexed inputs and nested tuples, and replaces what was there", () => {
    const completed = setEvents(manifest, new Map([["Shop", abi]]));
    expect(completed).toContain("        - event: Sold(indexed address,(uint256,(bytes32))[])\n");
    expect(completed).toContain("        - event: Closed()\n");
    expect(setEvents(completed, new Map([["Shop", abi]]))).toBe(completed);
  });

  it("refuses an event that the ABI does not have", () => {
    expect(() => setEvents(manifest, new Map([["Shop", abi.slice(1)]]))).toThrow("Shop has 0 events Sold");
  });
});
