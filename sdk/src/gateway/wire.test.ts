import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromWire, toWire, uintBits, WIRE_STRUCTS, type WireStructName } from "./wire.ts";

/** Any value of a Solidity type, as viem has it: numbers up to 48 bits, then bigints. */
function valueOf(type: string): fc.Arbitrary<unknown> {
  const bits = uintBits(type);
  if (bits === undefined) {
    const bytes = type === "address" ? 20 : 32;
    const hexOf = (b: Uint8Array) => `0x${Buffer.from(b).toString("hex")}`;
    return fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(hexOf);
  }
  return bits <= 48
    ? fc.integer({ min: 0, max: 2 ** bits - 1 })
    : fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
}

function structOf(name: WireStructName): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(WIRE_STRUCTS[name].map((field) => [field.name, valueOf(field.type)])));
}

describe("structs in JSON", () => {
  it.each(Object.keys(WIRE_STRUCTS) as WireStructName[])("%s comes back as it was", (name) => {
    fc.assert(
      fc.property(structOf(name), (struct) => {
        const text = JSON.stringify(toWire(name, struct as never));
        expect(fromWire(name, JSON.parse(text))).toEqual(struct);
      }),
      { numRuns: 30 },
    );
  });

  it("refuses a member that its type cannot hold, naming it", () => {
    const report = { order: `0x${"11".repeat(32)}`, count: 3, root: `0x${"22".repeat(32)}` };
    for (const [member, value] of [
      ["order", "0x11"],
      ["order", `0x${"zz".repeat(32)}`],
      ["count", 2 ** 32],
      ["count", -1],
      ["count", 1.5],
      ["count", "3"],
      ["root", undefined],
    ] as const) {
      expect(() => fromWire("ReleaseReport", { ...report, [member]: value })).toThrow(
        expect.objectContaining({ code: "SDK_INVALID_INPUT", details: { struct: "ReleaseReport", member } }),
      );
    }
    expect(() => fromWire("ReleaseReport", null)).toThrow(/must be an object/);
  });

  it("refuses wide integers that are not plain decimal strings", () => {
    const revocation = { dataset: "1", subject: `0x${"11".repeat(20)}`, maxNonce: 1 };
    for (const dataset of [1, "01", "-1", "0x1", "1e3", " 1", (2n ** 256n).toString()]) {
      expect(() => fromWire("Revocation", { ...revocation, dataset })).toThrow(/dataset/);
    }
    expect(fromWire("Revocation", { ...revocation, dataset: (2n ** 256n - 1n).toString() }).dataset).toBe(
      2n ** 256n - 1n,
    );
  });
});
