import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { launch } from "./browser.ts";
import { changeLook, expectSound, LOOKS, openPage } from "./inspect.ts";
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
    // A visitor who goes through all pages: the browser loads what they share once.
    let visitor: BrowserContext;

    beforeAll(async () => {
      site = await startSite(PORT, {
        SALUS_RPC_URL: NOTHING,
        SALUS_SUBGRAPH_URL: NOTHING,
        SALUS_CHAIN_ID: "31337",
      });
      browser = await launch();
      visitor = await browser.newContext(LOOKS[0]);
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await site?.stop();
    });

    for (const route of ROUTES) {
      it.concurrent(
        `${route}: no axe violation, no complaint, no third party, no sideways scroll at 320 px`,
        { timeout: 60_000 },
        async () => {
          const opened = await openPage(visitor, site, route);
          for (const look of LOOKS) {
            await changeLook(opened, look);
            await expectSound(opened);
          }
          await opened.page.close();
        },
      );
    }
  },
);
