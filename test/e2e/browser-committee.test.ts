/** An approval in a browser on the one-command stack: applied for, granted, used in an order, withdrawn. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  DUO,
  findEvidence,
  findOrder,
  decodeEvidence,
  OrderState,
  readOrderStatus,
  readShown,
  readListing,
} from "@salus/sdk";
import { openAs, picture, startBrowser } from "../support/browser.ts";
import { DemoStack } from "../support/demo-stack.ts";
import { findViolations } from "../../web/test/axe.ts";

const DATASET = "Before dialysis study";
const PROJECT = "Blood pressure in the years before dialysis";

let demo: DemoStack;
let browser: Browser;
let webUrl: string;
beforeAll(async () => {
  demo = new DemoStack();
  webUrl = demo.address.webUrl;
  browser = await startBrowser();
});
afterAll(() => browser?.close());

/** No fault for a reader with aids, and nothing wider than a small phone. */
async function inspect(page: Page, name: string): Promise<void> {
  expect(await findViolations(page)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 800 });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
  await picture(page, `${name}-320`);
  await page.setViewportSize({ width: 1200, height: 900 });
  await picture(page, name);
}

/** From the dataset's page, which says what is missing, to the application that was sent. @returns the dataset's page */
async function applyFor(page: Page): Promise<string> {
  await page.goto(`${webUrl}/explore`);
  await page.getByRole("link", { name: DATASET }).click();
  await page.getByLabel("Research into health in general").check();
  await page.getByText("Choose the country in which you work.").waitFor();
  await page.getByLabel("In which country do you work?").selectOption("Austria");
  await page.getByText("You may use it for this purpose once you have shown more.").waitFor();
  const dataset = page.url();
  await page.goto(`${dataset}/order`);
  await page.getByText("You have not applied yet.").waitFor();
  expect(await page.getByRole("button", { name: "Continue" }).count()).toBe(0);
  await inspect(page, "committee-order-without");
  await page.getByRole("link", { name: "Apply for approval" }).click();
  await page.getByLabel("Your project, in a sentence").waitFor();
  expect(await page.locator("main input:checked").count()).toBe(0);
  await page.getByRole("button", { name: "Send the application" }).click();
  await page.getByText("Say in a sentence what your project is.").waitFor();
  await inspect(page, "committee-apply");
  await page.getByLabel("Your project, in a sentence").fill(PROJECT);
  await page.getByLabel("Research into health in general").check();
  await page.getByLabel("In which country do you work?").selectOption("Austria");
  await page
    .getByLabel("What is the study about?")
    .fill("We count how many people there are, to see whether a trial is possible.\n\nNobody is contacted.");
  await page.getByLabel("6 months").check();
  await page.getByRole("button", { name: "Send the application" }).press("Enter");
  await page.getByText("Your application was sent.").waitFor();
  await page.getByText("A committee has not decided yet.").waitFor();
  await inspect(page, "committee-applications");
  return dataset;
}

/** The committee finds the application, is asked for what it left out, and signs. @returns the application's page */
async function approve(page: Page): Promise<string> {
  await page.getByRole("link", { name: PROJECT }).waitFor();
  await inspect(page, "committee-queue");
  await page.getByRole("link", { name: PROJECT }).click();
  await page.getByText("Nobody is contacted.").waitFor();
  await page.getByText("Research into health in general; in Austria").waitFor();
  expect(await page.locator("main input:checked").count()).toBe(0);
  await page.getByRole("button", { name: "Decide" }).click();
  await page.getByText("Choose one.").waitFor();
  await page.getByLabel("Refuse", { exact: true }).check();
  await page.getByRole("button", { name: "Sign the refusal" }).click();
  await page.getByText("Write why: the applicant needs it.").waitFor();
  await page.getByLabel("Approve", { exact: true }).check();
  await page.getByRole("button", { name: "Sign the approval" }).click();
  await page.getByText("Choose until when.").waitFor();
  await page.getByLabel(/^As asked: until /).check();
  await page.getByText("You can withdraw it at any time.").waitFor();
  await inspect(page, "committee-decide");
  await page.getByRole("button", { name: "Sign the approval" }).press("Enter");
  await page.getByText("You have approved it.").waitFor();
  await page.getByText("In force.").waitFor();
  return page.url();
}

/** Walks the order, which rests on the approval by itself, up to the button that pays. */
async function walkToPayment(page: Page, dataset: string): Promise<void> {
  await page.goto(`${dataset}/order`);
  await page.getByRole("radio", { name: PROJECT, checked: true }).waitFor();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Count", { exact: true }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("Your order shows the committee's approval").waitFor();
  await page.getByLabel("I agree to these terms. They are part of my order.").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: /^Pay / }).waitFor();
}

test("an approval is applied for, granted, used in an order, and withdrawn", async () => {
  const robin = await openAs(browser, webUrl, "Robin");
  const dataset = await applyFor(robin);

  const hanna = await openAs(browser, webUrl, "Hanna");
  const application = await approve(hanna);

  await robin.goto(`${webUrl}/applications`);
  await robin.getByRole("link", { name: "Order with this approval" }).waitFor();
  await walkToPayment(robin, dataset);
  await robin.getByRole("button", { name: /^Pay / }).click();
  await robin.waitForURL(/\/orders\/0x[0-9a-f]{64}$/);
  const id = robin.url().split("/").pop() as `0x${string}`;
  await robin
    .getByText(/people/i)
    .first()
    .waitFor();
  const { order } = await findOrder(demo.reader, id);
  const evidence = await findEvidence(demo.reader, id);
  const { terms } = await readListing(demo.reader, order.asset);
  // 40 is Austria in ISO 3166-1.
  expect(order).toMatchObject({ country: 40, uses: DUO.USE_HEALTH });
  expect(decodeEvidence(evidence).attestations).toHaveLength(1);
  expect(await readShown(demo.reader, { order, terms, evidence })).toBe(DUO.IRB | DUO.GS);
  await robin.getByRole("button", { name: "Open the result" }).click({ timeout: 60_000 });
  await robin.getByText("40 people took part.").waitFor();

  // A second order stands before its payment when the committee withdraws.
  const late = await robin.context().newPage();
  await walkToPayment(late, dataset);
  await hanna.getByRole("button", { name: /^Withdraw: / }).click();
  const dialog = hanna.getByRole("dialog", { name: "Withdraw this approval?" });
  await dialog.getByText("This does not change:").waitFor();
  await inspect(hanna, "committee-withdraw");
  // A second press of the same key keeps it.
  await hanna.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await hanna.getByRole("button", { name: /^Withdraw: / }).press("Enter");
  await dialog.getByRole("button", { name: "Yes, withdraw it" }).press("Enter");
  await hanna.getByText(/Withdrawn on /).waitFor();
  await inspect(hanna, "committee-withdrawn");

  await late.getByRole("button", { name: /^Pay / }).click();
  await late.getByText("Ask the issuer why it withdrew the attestation, and for a new one.").waitFor();
  await late.goto(`${dataset}/order`);
  await late.getByText("The committee took its approval back").waitFor();
  expect(await late.getByRole("button", { name: "Continue" }).count()).toBe(0);
  await inspect(late, "committee-order-refused");

  // What was delivered before stands.
  expect([OrderState.Delivered, OrderState.Settled]).toContain(
    (await readOrderStatus(demo.reader, id)).state,
  );
  await robin.goto(`${webUrl}/verify/${id}`);
  await robin.getByRole("button", { name: "Check this receipt now" }).click();
  await robin.getByText("This receipt is right.").waitFor();

  // Another buyer sees neither the application nor the committee's page.
  const dana = await openAs(browser, webUrl, "Dana");
  await dana.goto(application);
  await dana.getByText("This account is not a committee.").waitFor();
  await dana.goto(`${webUrl}/applications`);
  await dana.getByText("You have not applied for an approval.").waitFor();
  await hanna.goto(`${webUrl}/committee`);
  await hanna.getByText("Nothing is waiting.").waitFor();
  expect([robin.faults, hanna.faults, dana.faults]).toEqual([[], [], []]);
}, 240_000);
