import { join } from "node:path";
import { expect, test } from "vitest";
import { lostTests, readThreatModel, threatRows } from "./threats.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const page = readThreatModel(ROOT);

test("every test that the threat model names exists", () => {
  expect(lostTests(ROOT, page)).toEqual([]);
});

test("every row says what is tried, what it gains, what stops it, and by which test that is held", () => {
  const rows = threatRows(page);
  expect(rows.length).toBeGreaterThan(60);
  const cells = (row: string) => row.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim());
  for (const row of rows) {
    expect(cells(row).filter(Boolean), row).toHaveLength(4);
    expect(cells(row)[3], row).toMatch(/`(test|sdk|gateway|compute|web)\//);
  }
});

test("each attacker has a section", () => {
  for (const attacker of [
    "One gateway",
    "t gateways",
    "Custodian",
    "RPC endpoint",
    "Buyer",
    "Relayer",
    "Web server",
    "Governance",
    "Database thief",
    "Network observer",
  ]) {
    expect(page).toMatch(new RegExp(`^## ${attacker}`, "m"));
  }
});

test("a name or a file that is not there is found out", () => {
  const gone =
    "`test/integration/attacks.test.ts#does something else`, `test/nowhere.ts`, `web/test/filled.test.ts`";
  expect(lostTests(ROOT, gone)).toEqual([
    "test/integration/attacks.test.ts#does something else",
    "test/nowhere.ts",
  ]);
});
