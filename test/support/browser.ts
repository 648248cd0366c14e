import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Locator, type Page } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the Chromium that set-up found. */
export function startBrowser(): Promise<Browser> {
  const executablePath = process.env["CHROME_PATH"] ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** One person's browser: nothing of it is shared with another's. Faults of pages are kept for the test to look at. */
export async function openAs(
  browser: Browser,
  webUrl: string,
  persona: string,
): Promise<Page & { faults: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  const page = Object.assign(await context.newPage(), { faults: [] as string[] });
  page.setDefaultTimeout(45_000);
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    const own = origin === new URL(webUrl).origin || protocol === "data:" || protocol === "blob:";
    if (!own) page.faults.push(`a request to another place: ${request.url()}`);
  });
  await page.goto(`${webUrl}/sign-in`);
  await page.getByRole("button", { name: `Continue as ${persona}` }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  return page;
}

/** Opens a page that says how things were when it was asked for, again and again until it shows what the index brings. */
export async function openUntil(page: Page, url: string, shown: Locator): Promise<void> {
  const deadline = Date.now() + 45_000;
  do {
    await page.goto(url);
    if (await shown.isVisible()) return;
    await page.waitForTimeout(500);
  } while (Date.now() < deadline);
  await shown.waitFor({ timeout: 1 });
}

/** A picture of the page under `.cache/screenshots`, for a person to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = join(import.meta.dirname, "../../.cache/screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** What is ordered: a dataset by its title, qualities of the purpose, and how the analysis is chosen. */
type Wish = { webUrl: string; dataset: string; qualities?: string[]; choose: (page: Page) => Promise<void> };

/** Chooses a count of the people. */
export async function chooseCount(page: Page): Promise<void> {
  await page.getByLabel("Count", { exact: true }).check();
}

/** Walks the order flow from a dataset's title to the paid order's page. @returns the order's id */
export async function placeOrder(page: Page, order: Wish): Promise<`0x${string}`> {
  await walkToPayment(page, order);
  await page.getByRole("button", { name: /^Pay / }).click();
  await page.waitForURL(/\/orders\/0x[0-9a-f]{64}$/);
  return page.url().split("/").pop() as `0x${string}`;
}

/** Walks the order flow up to the button that pays. */
export async function walkToPayment(page: Page, order: Wish): Promise<void> {
  await page.goto(`${order.webUrl}/explore`);
  await page.getByRole("link", { name: order.dataset }).click();
  await page.waitForURL(/\/datasets\/0x[0-9a-f]{64}$/);
  await page.getByRole("link", { name: /^Order/ }).click();
  await page.waitForURL(/\/order$/);
  await page.getByLabel("Research into health in general").check();
  for (const quality of order.qualities ?? []) await page.getByLabel(quality).check();
  await page.getByLabel("Your project, in a sentence").fill("Routine values of people treated for diabetes");
  await page.getByRole("button", { name: "Continue" }).click();
  await order.choose(page);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("I agree to these terms. They are part of my order.").check();
  await page.getByRole("button", { name: "Continue" }).click();
}
