import { describe, expect, test } from "vitest";
import { compareGas } from "./gas-table.ts";

function measure(id: string, gas: number) {
  return { id, case: id, gas, bar: null };
}

describe("the gas table", () => {
  test("lets an act grow by two percent and no more", () => {
    expect(compareGas({ a: 100_000 }, [measure("a", 102_000)])).toEqual([]);
    expect(compareGas({ a: 100_000 }, [measure("a", 102_001)])).toEqual([
      "a grew by 2.0 %: 100000 → 102001.",
    ]);
  });

  test("lets an act get cheaper", () => {
    expect(compareGas({ a: 100_000 }, [measure("a", 50_000)])).toEqual([]);
  });

  test("tells acts of one id apart by their case", () => {
    const measures = [
      { ...measure("a", 10), case: "few" },
      { ...measure("a", 20), case: "many" },
    ];
    expect(compareGas({ "a: few": 10, "a: many": 10 }, measures)).toEqual([
      "a: many grew by 100.0 %: 10 → 20.",
    ]);
  });

  test("names an act that only one side has", () => {
    expect(compareGas({ a: 1 }, [measure("b", 1)])).toEqual([
      "b is not in the table.",
      "a is in the table and no longer measured.",
    ]);
  });
});
