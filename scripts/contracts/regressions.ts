import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The page with the table of named regressions, relative to the project. */
const PAGE = "docs/contracts.md";

/** One test that a row of the table names. */
export interface NamedTest {
  file: string;
  name: string;
}

/** The tests named in a page's table, each as `file#name` between backticks. */
export function namedTests(page: string): NamedTest[] {
  return [...page.matchAll(/`((?:test|sdk|gateway|subgraph|compute|web)\/[^`#]+)#([^`]+)`/g)].map(
    ([, file, name]) => ({
      file: file!,
      name: name!,
    }),
  );
}

/** Whether the file has such a test: a Solidity function, or a test with that title. */
export function hasTest(root: string, { file, name }: NamedTest): boolean {
  const path = join(root, file);
  if (!existsSync(path)) return false;
  const source = readFileSync(path, "utf8");
  const quoted = [`"${name}"`, `'${name}'`, `\`${name}\``].some((title) => source.includes(title));
  return file.endsWith(".sol") ? new RegExp(`function ${name}\\(`).test(source) : quoted;
}

/** The tests that the project's table names and that are not there. */
export function lostRegressions(root: string): NamedTest[] {
  return namedTests(readFileSync(join(root, PAGE), "utf8")).filter((named) => !hasTest(root, named));
}
