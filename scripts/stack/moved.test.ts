import { expect, it } from "vitest";
import { movedGateways } from "./moved.ts";

it("names the gateways whose port is another than last time, and only those", () => {
  const before = { "gateway-st-anna": 7101, "gateway-lakeside": 7102, web: 4173 };
  const now = { "gateway-st-anna": 7101, "gateway-lakeside": 7104, "gateway-north-clinic": 7103, web: 4174 };
  expect(movedGateways(before, now)).toEqual([{ name: "lakeside", from: 7102, to: 7104 }]);
});
