import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launch } from "./browser.ts";
import { ROUTES } from "./routes.ts";
import { isBuilt, startSite, type Site } from "./site.ts";

const PORT = 22310;
/** Nothing listens there, so that every page shows its error state; the journeys under test/ cover the rest. */
const NOTHING = "http://127.0.0.1:9";

describe.skipIf(!isBuilt)("pages of the built site (skipped until `npm run build -w web` has run)", () => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    site = await startSite(PORT, {
      SALUS_RPC_URL: NOTHING,
      SALUS_SUBGRAPH_URL: NOTHING,
      SALUS_CHAIN_ID: "31337",
    });
    browser = await launch();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });

  /** Opens a page and collects what the browser complains about; our own 404 is not a complaint. */
  async function open(context: BrowserContext, route: string) {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      const text = message.text();
      if (message.type() === "error" && !/the server responded with a status of (404|502)/.test(text))
        complaints.push(text);
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    const foreign: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(site.origin) && !request.url().startsWith("data:"))
        foreign.push(request.url());
    });
    await page.goto(site.origin + route, { waitUntil: "networkidle" });
    return { page, complaints, foreign };
  }

  for (const route of ROUTES) {
    it(
      `${route}: no axe violation, no complaint, no third party, no sideways scroll at 320 px`,
      { timeout: 60_000 },
      async () => {
        for (const [width, colorScheme] of [
          [320, "dark"],
          [1280, "light"],
        ] as const) {
          const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
          const { page, complaints, foreign } = await open(context, route);
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(
            violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" ")}`),
          ).toEqual([]);
          expect(complaints).toEqual([]);
          expect(foreign).toEqual([]);
          const overflow = await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth",
          );
          expect(overflow).toBe(0);
          await context.close();
        }
      },
    );
  }
});
