import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hasTest, namedTests, type NamedTest } from "../contracts/regressions.ts";

/** The page that says who attacks what, relative to the project. */
export const THREAT_MODEL = "docs/threat-model.md";

/** A row of one of the page's tables, without its head. */
export function threatRows(page: string): string[] {
  const rows = page.match(/^\| .*$/gm) ?? [];
  return rows.filter((row) => !/^\| (tries|try|who and what) \|/.test(row));
}

/** What a page points to and is not there: tests by name, and files and folders by path. */
export function lostTests(root: string, page: string): string[] {
  const named = namedTests(page).filter((test) => !hasTest(root, test));
  const paths = [...page.matchAll(/`((?:test|sdk|gateway|subgraph|compute|web|scripts)\/[^`#*]+)`/g)];
  const lost = paths.map(([, path]) => path!).filter((path) => !existsSync(join(root, path)));
  return [...named.map(({ file, name }: NamedTest) => `${file}#${name}`), ...lost];
}

/** The project's own page. */
export function readThreatModel(root: string): string {
  return readFileSync(join(root, THREAT_MODEL), "utf8");
}
