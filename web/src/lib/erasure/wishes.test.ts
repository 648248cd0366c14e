import { describe, expect, it } from "vitest";
import { findWish, keepWish, loadWishes, progressOf, type Wish, wishesKey } from "./wishes.ts";

const KEY = wishesKey(31337, "0xc1");
const subject = "0x00000000000000000000000000000000000000aA" as const;

function memory(text: string | null = null) {
  let kept = text;
  return {
    getItem: () => kept,
    setItem: (_: string, value: string) => void (kept = value),
    removeItem: () => void (kept = null),
  };
}

const wish = (dataset: `0x${string}`, ...gateways: number[]): Wish => ({
  dataset,
  subject,
  signed: {
    erasure: { dataset: "1", subject, issuedAt: 5, nonce: "0x01" },
    signer: subject,
    signature: "0x02",
  },
  receipts: gateways.map((gateway) => ({
    receipt: { dataset: "1", subject, request: "0x03", gateway, records: 1, erasedAt: 100 + gateway },
    signature: "0x04",
  })),
});

describe("a wish for erasure", () => {
  it("comes back as it was kept, one for each record", () => {
    const store = memory();
    keepWish(store, KEY, wish("0x01"));
    keepWish(store, KEY, wish("0x02"));
    keepWish(store, KEY, wish("0x01", 2));
    expect(loadWishes(store, KEY)).toEqual([wish("0x02"), wish("0x01", 2)]);
    const found = findWish(loadWishes(store, KEY), {
      dataset: "0x01",
      subject: subject.toLowerCase() as never,
    });
    expect(found).toEqual(wish("0x01", 2));
    expect(findWish(loadWishes(store, KEY), { dataset: "0x03", subject })).toBeUndefined();
  });

  it.each([null, "", "{", "[1]", '[{"dataset":"0x01"}]'])("is none when what is kept is %s", (text) => {
    expect(loadWishes(memory(text), KEY)).toEqual([]);
  });
});

describe("an erasure", () => {
  const keepers = [1, 2, 3].map((number) => ({ number, name: `keeper ${number}` }));
  const set = { keepers, threshold: 2 };

  it("is done once those left could not open the record: two of three, where two can", () => {
    expect(progressOf(wish("0x01"), set)).toMatchObject({ needed: 2, erased: false });
    expect(progressOf(wish("0x01", 3), set).erased).toBe(false);
    expect(progressOf(wish("0x01", 3, 1), set)).toEqual({
      needed: 2,
      erased: true,
      keepers: [
        { name: "keeper 1", erasedAt: 101 },
        { name: "keeper 2", erasedAt: null },
        { name: "keeper 3", erasedAt: 103 },
      ],
    });
  });

  it("counts no receipt of a gateway that keeps nothing of it, and none twice", () => {
    expect(progressOf(wish("0x01", 9, 9, 1, 1), set).erased).toBe(false);
  });
});
