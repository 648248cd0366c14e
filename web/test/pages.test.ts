import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { launch } from "./browser.ts";
import { expectSound, openPage } from "./inspect.ts";
import { ROUTES } from "./routes.ts";
import { isBuilt, startSite, type Site } from "./site.ts";

const PORT = 22310;
/** Nothing listens there, so that every page shows its error state. */
const NOTHING = "http://127.0.0.1:9";

describe.skipIf(!isBuilt)(
  "pages with nothing behind the site (skipped until `npm run build -w web` has run)",
  () => {
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
            await expectSound(await openPage(context, site, route));
            await context.close();
          }
        },
      );
    }
  },
);
