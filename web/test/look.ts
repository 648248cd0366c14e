/*
 * Takes pictures of every page at phone and desk width, light and dark:
 *   node web/test/look.ts <folder> [origin]
 * Without an origin it starts the built site with nothing behind it.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./browser.ts";
import { ROUTES } from "./routes.ts";
import { startSite } from "./site.ts";

const [folder, given, only] = process.argv.slice(2);
if (!folder) throw new Error("name a folder for the pictures");
mkdirSync(folder, { recursive: true });

const nothing = "http://127.0.0.1:9";
const site = given
  ? { origin: given, stop: async () => {} }
  : await startSite(22300, { SALUS_RPC_URL: nothing, SALUS_SUBGRAPH_URL: nothing, SALUS_CHAIN_ID: "31337" });
const browser = await launch();
try {
  for (const route of ROUTES) {
    if (only && !route.includes(only)) continue;
    for (const width of [320, 1280]) {
      for (const scheme of ["light", "dark"] as const) {
        const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme });
        await page.goto(site.origin + route, { waitUntil: "networkidle" });
        const name = `${route.replaceAll("/", "_").slice(0, 30) || "_"}-${width}-${scheme}.png`;
        await page.screenshot({ path: join(folder, name), fullPage: true });
        await page.close();
      }
    }
  }
} finally {
  await browser.close();
  await site.stop();
}
