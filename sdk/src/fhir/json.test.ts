import { expect, test } from "vitest";
import { canonicalJson } from "./json.ts";

// RFC 8785, sections 3.2.2 and 3.2.3: the example of the RFC and its sorting example.
test("canonical JSON follows the examples of RFC 8785", () => {
  const input = JSON.parse(
    '{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],' +
      '"string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/", "literals": [null, true, false]}',
  );
  expect(canonicalJson(input)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
  const keys = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
  expect(Object.values(JSON.parse(canonicalJson(keys)) as object).sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const order = [...canonicalJson(keys).matchAll(/:(\d)/g)].map(([, value]) => Number(value));
  expect(order).toEqual([2, 4, 6, 7, 1, 5, 3]);
});
