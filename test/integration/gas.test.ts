import { expect, test } from "vitest";
import { measureGas } from "../../bench/gas.ts";
import { compareGas, readGasTable } from "../../scripts/contracts/gas-table.ts";

test("no act costs over two percent more gas than the committed table says", async () => {
  const faults = compareGas(readGasTable(), await measureGas());
  expect(faults, "when the growth is meant, npm run gas:write makes it the rule").toEqual([]);
});
