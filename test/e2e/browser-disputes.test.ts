/** Disputes in a browser on the one-command stack: one from opening to ruling and payout, one that ends by silence. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  findOrder,
  OrderKind,
  OrderState,
  readCredit,
  readDispute,
  readOrderStatus,
  readPanel,
  send,
  testDollarAbi,
  type SalusWriter,
} from "@salus/sdk";
import { patientPersonas } from "../../scripts/demo/world/personas.ts";
import { chooseCount, openAs, picture, placeOrder, startBrowser } from "../support/browser.ts";
import { DemoStack } from "../support/demo-stack.ts";
import { findViolations } from "../../web/test/axe.ts";

const DATASET = "Diabetes and heart cohort";
const COUNT = {
  analysis: "count",
  version: 1,
  tables: "fhir-r4/1",
  parameters: { filter: [], epsilon: { numerator: 1, denominator: 1 } },
};
/** Local ruling window: 120 seconds, of which 30 are for evidence. */
const RULING_MS = 150_000;

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
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await findViolations(page)).toEqual([]);
  await picture(page, `${name}-320`);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1200, height: 900 });
  await picture(page, name);
}

/**
 * Somebody whose data was used has the use looked into, in the browser, without any coin: a gateway opens the dispute. The
 * page waits for the delivery; where it took longer than the time for disputes, here of seconds, it is another use's turn.
 */
async function disputeAsContributor(buyer: SalusWriter) {
  const sharing = (await demo.untouched("lakeside")).map(({ subject }) => subject.toLowerCase());
  const person = patientPersonas("lakeside").find(({ id }) =>
    sharing.includes(demo.patient("lakeside", id).address.toLowerCase()),
  )!;
  const { address } = demo.patient("lakeside", person.id);
  const dollar = { address: demo.deployment.contracts.TestDollar!, abi: testDollarAbi } as const;
  await send(buyer, { ...dollar, functionName: "mint", args: [address, 1_000_000n] });
  const patient = await openAs(browser, webUrl, person.given);
  for (let tries = 1; ; tries++) {
    const spec = {
      ...COUNT,
      parameters: { ...COUNT.parameters, epsilon: { numerator: tries, denominator: 2 } },
    };
    const silent = await demo.order({ buyer, hospital: "lakeside", kind: OrderKind.Analysis, spec });
    await patient.goto(`${webUrl}/me/uses/${silent.id}`);
    const ask = patient.getByRole("button", { name: "Have it looked into for 1.00 TUSD" });
    const late = patient.getByText("It is too late for this use.");
    await ask.or(late).waitFor({ timeout: 60_000 });
    if (await ask.isVisible()) await ask.click();
    const asked = patient.getByRole("link", { name: "See how it goes on" });
    await asked.or(late).or(patient.getByRole("alert")).first().waitFor({ timeout: 60_000 });
    const dispute = await readDispute(demo.reader, silent.order);
    if (!dispute && tries < 3) continue;
    expect(dispute).toMatchObject({ party: "Contributor", opener: address, bond: 1_000_000n });
    await asked.click();
    await patient.getByText("A person whose data was used opened the dispute.").waitFor({ timeout: 60_000 });
    return { silent, patient };
  }
}

test("a dispute from opening to ruling and payout, while another ends by silence", async () => {
  const buyer = demo.wallet("researcher");
  const { silent, patient } = await disputeAsContributor(buyer);
  await inspect(patient, "dispute-contributor");
  expect(patient.faults).toEqual([]);
  await patient.context().close();

  const robin = await openAs(browser, webUrl, "Robin");
  const id = await placeOrder(robin, { webUrl, dataset: DATASET, choose: chooseCount });
  await robin.getByRole("button", { name: "Something is wrong" }).click({ timeout: 60_000 });
  await robin.getByText("A dispute costs a bond of").waitFor();
  await robin.getByLabel("A document that shows what is wrong").setInputFiles({
    name: "what-is-wrong.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("The count is not that of the cohort."),
  });
  await robin.getByRole("button", { name: /^Open the dispute for / }).click();
  await robin.getByRole("link", { name: "See the dispute about this order" }).click({ timeout: 60_000 });
  await robin.getByText("Everybody who takes part can add documents.").waitFor();
  // SHA-256 of the document's text, by `printf '%s' '…' | sha256sum`.
  await robin.getByText("0x4ceca8b3fa7759a3d9851d8bd0ba594110ad383203bf62f04ad9e4c3ad12d8cf").waitFor();
  await inspect(robin, "dispute-open");
  const { order } = await findOrder(demo.reader, id);
  const before = await readPanel(demo.reader, order.arbitrator);

  for (const name of ["Ada", "Ben", "Cleo"]) {
    const page = await openAs(browser, webUrl, name);
    await page.goto(`${webUrl}/disputes`);
    await page.locator(`a[href="/disputes/${id}"]`).first().click();
    await page.getByLabel("Give the buyer the money back").check({ timeout: 60_000 });
    if (name === "Ada") {
      await page.getByRole("button", { name: "Vote", exact: true }).click();
      await page.getByText("Write why: everyone can read it.").waitFor();
      await inspect(page, "dispute-vote");
    }
    await page.getByLabel("Your reason").fill("The receipt does not fit what the order asked for.");
    await page.getByLabel("Your reason").press("Enter");
    await page.getByText(name === "Cleo" ? "Nothing is left to do." : "You have voted.").waitFor();
    expect(page.faults).toEqual([]);
    await page.context().close();
  }
  expect((await readOrderStatus(demo.reader, id)).state).toBe(OrderState.Refunded);
  await robin.reload();
  await robin.getByText("Three arbitrators decided that the buyer gets the money back.").first().waitFor();
  expect(await robin.locator("main").innerText()).toContain(
    "An arbitrator voted: give the buyer the money back.",
  );
  await inspect(robin, "dispute-ruled");
  const dispute = (await readDispute(demo.reader, order))!;
  const token = before.stakeToken;
  const fee = dispute.bond / 5n / 3n;
  const [first] = before.members;
  expect(await readCredit(demo.reader, { token, payee: first!.address })).toBe(fee);

  // The other dispute: nobody spoke; the institution's gateway or anyone closes it, and it is paid as the receipt says.
  await robin.goto(`${webUrl}/disputes/${silent.id}`);
  await robin.getByText("No three agreed in time.").first().waitFor({ timeout: RULING_MS });
  await robin.getByText("5 arbitrators were silent and lost their stake.").waitFor();
  expect((await readOrderStatus(demo.reader, silent.id)).state).toBe(OrderState.Settled);
  expect((await readPanel(demo.reader, order.arbitrator)).members.map(({ stake }) => stake)).toEqual([
    0n,
    0n,
    0n,
    0n,
    0n,
  ]);
  await inspect(robin, "dispute-silent");
  await robin.goto(`${webUrl}/disputes`);
  await robin.getByText("Missing: has no seat in new disputes").first().waitFor();
  await inspect(robin, "disputes");
  expect(robin.faults).toEqual([]);
}, 360_000);
