import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const text = readFileSync(join(ROOT, "docs/governance.md"), "utf8");
const promises = tableOf("## What governance can never do");

/** The rows of the table under a heading, without its head. */
function tableOf(heading: string): string[] {
  const section = text.slice(text.indexOf(heading)).split("\n## ")[0]!;
  return section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1);
}

/** Tests that a text names: a file, and one or several names after it. */
function namedTests(line: string): { file: string; name: string }[] {
  return [...line.matchAll(/`([^`]+\.(?:sol|ts))` › ((?:`[^`]+`(?:,? and |, )?)+)/g)].flatMap(
    ([, file, names]) => [...names!.matchAll(/`([^`]+)`/g)].map(([, name]) => ({ file: file!, name: name! })),
  );
}

describe("docs/governance.md", () => {
  test("links every line of what governance can never do to a test", () => {
    expect(promises.length).toBeGreaterThan(10);
    expect(promises.filter((line) => namedTests(line).length === 0)).toEqual([]);
  });

  test.each(namedTests(text))("names a test that exists: $name", ({ file, name }) => {
    const path = join(ROOT, file);
    expect(existsSync(path)).toBe(true);
    const source = readFileSync(path, "utf8");
    const found = file.endsWith(".sol") ? `function ${name}(` : `test("${name}"`;
    expect(source).toContain(found);
  });
});
