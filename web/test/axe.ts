import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type Axe from "axe-core";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What a reader with aids would stumble over on the page as it stands now: each rule of axe that is broken, with the places.
 * All rules run in the page itself, into which axe is brought once for each load: bringing it in takes longer than running it.
 * @throws where the page has frames, which would have to be looked at as well; those of Salus have none
 */
export async function findViolations(page: Page): Promise<string[]> {
  if (page.frames().length !== 1) throw new Error(`${page.url()} has frames, into which axe is not brought`);
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(source);
  return page.evaluate(runAxe);
}

/** Runs in the page. */
async function runAxe(): Promise<string[]> {
  const { axe } = globalThis as unknown as { axe: typeof Axe };
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(" ")}`);
}
