import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { findViolations } from "./axe.ts";
import type { Site } from "./site.ts";

/** How each page is looked at: on a small phone in dark colours, on a desk in light ones. */
export const LOOKS = [
  { viewport: { width: 320, height: 800 }, colorScheme: "dark" },
  { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
] as const;
export type Look = (typeof LOOKS)[number];

/** A page with what the browser said and asked for while it was open. */
export interface Opened {
  page: Page;
  complaints: string[];
  foreign: string[];
  /** Addresses of the scripts that were loaded, lazily loaded ones included. */
  scripts: Set<string>;
}

/** Opens a page and collects what the browser complains about; an answer of 404 or 502 that we show is no complaint. */
export async function openPage(
  context: BrowserContext,
  site: Site,
  route: string,
  until: "load" | "networkidle" = "networkidle",
): Promise<Opened> {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const opened: Opened = { page, complaints: [], foreign: [], scripts: new Set() };
  page.on("console", (message) => {
    const text = message.text();
    const expected = /the server responded with a status of (404|502)/.test(text);
    if (message.type() === "error" && !expected) opened.complaints.push(text);
  });
  page.on("pageerror", (error) => opened.complaints.push(String(error)));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== site.origin && url.protocol !== "data:") opened.foreign.push(request.url());
    if (url.pathname.endsWith(".js")) opened.scripts.add(url.pathname);
  });
  await page.goto(site.origin + route, { waitUntil: until });
  await page.locator("html[data-ready]").waitFor();
  return opened;
}

/**
 * Looks at an open page in another way. Only style sheets tell widths and colours apart, so this shows what a fresh load of the
 * page would.
 */
export async function changeLook({ page }: Opened, look: Look): Promise<void> {
  await page.setViewportSize(look.viewport);
  await page.emulateMedia({ colorScheme: look.colorScheme });
  const applied = `innerWidth === ${look.viewport.width} && matchMedia("(prefers-color-scheme: ${look.colorScheme})").matches`;
  await page.waitForFunction(applied, undefined, { polling: 20 });
}

/** No axe violation, no complaint, no third party, no sideways scroll. */
export async function expectSound({ page, complaints, foreign }: Opened): Promise<void> {
  await expectAxe(page);
  expect(complaints).toEqual([]);
  expect(foreign).toEqual([]);
  const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  expect(await page.evaluate(overflow)).toBe(0);
}

/** No fault for a reader with aids, as the page stands now. */
export async function expectAxe(page: Page): Promise<void> {
  expect(await findViolations(page)).toEqual([]);
}

/** Size of the loaded scripts in bytes, each compressed with gzip. */
export function scriptBytes({ scripts }: Opened): number {
  const client = fileURLToPath(new URL("../build/client", import.meta.url));
  return [...scripts].reduce((sum, path) => sum + gzipSync(readFileSync(client + path)).length, 0);
}
