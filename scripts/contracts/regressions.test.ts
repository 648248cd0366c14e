import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hasTest, lostRegressions, namedTests } from "./regressions.ts";

const ROOT = join(import.meta.dirname, "..", "..");

test("every named regression is a test that exists", () => {
  expect(lostRegressions(ROOT)).toEqual([]);
});

test("the table names a test for each of its classes", () => {
  const page = readFileSync(join(ROOT, "docs/contracts.md"), "utf8");
  const rows = page.slice(page.indexOf("## Named regressions")).match(/^\| (?!class|-).*$/gm) ?? [];
  expect(rows.length).toBeGreaterThanOrEqual(20);
  expect(rows.filter((row) => namedTests(row).length === 0)).toEqual([]);
});

test("a name that no test has is found out", () => {
  const file = "test/contracts/escrow/Refund.t.sol";
  expect(hasTest(ROOT, { file, name: "test_RevertGiven_Delivered" })).toBe(true);
  expect(hasTest(ROOT, { file, name: "test_RevertGiven_Deliv" })).toBe(false);
  expect(hasTest(ROOT, { file: "test/contracts/Nowhere.t.sol", name: "test_X" })).toBe(false);
});
