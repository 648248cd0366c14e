/** A developer trains and publishes a model, a clinic pays for one prediction: in a browser on the one-command stack. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findOrder, payoutsAbi, potKey } from "@salus/sdk";
import { openAs, picture, placeOrder, startBrowser } from "../support/browser.ts";
import { DemoStack } from "../support/demo-stack.ts";

const TITLE = "Diabetes from routine values";

let demo: DemoStack;
let browser: Browser;
let webUrl: string;
beforeAll(async () => {
  demo = new DemoStack();
  webUrl = demo.address.webUrl;
  browser = await startBrowser();
});
afterAll(() => browser?.close());

async function train(page: Page): Promise<void> {
  await page.getByLabel("Train a model").check();
  await page.getByLabel("What the model should predict").selectOption("Type 2 diabetes");
  await page.getByLabel("Haemoglobin A1c (%)").check();
  await page.getByLabel("Body mass index (kg/m²)").check();
}

describe("a model in a browser", () => {
  test("is trained, published and used; developer, hospital, commons and the cohort's pot receive exactly their parts", async () => {
    const dana = await openAs(browser, webUrl, "Dana");
    await placeOrder(dana, {
      webUrl,
      dataset: "General and lung medicine cohort",
      choose: train,
      qualities: ["For commercial ends", "By a for-profit organisation"],
    });
    await dana.getByText("The payment was shared out.").waitFor({ timeout: 90_000 });
    await dana.goto(`${webUrl}/models/publish`);
    await dana.locator("main").getByRole("radio").first().check();
    await dana.getByLabel("Name of the model").fill(TITLE);
    await dana.getByLabel("What it does").fill("Says how likely it is that a person has type 2 diabetes.");
    await dana.getByLabel("Price of one use").fill("5");
    await dana.getByLabel(/^Part for the people/).fill("20");
    await picture(dana, "model-publish");
    await dana.getByRole("button", { name: "Publish" }).click();
    await dana.getByText("Your model is published.").waitFor({ timeout: 60_000 });
    const model = (await dana.getByRole("link", { name: "See your model" }).getAttribute("href"))!;

    const chris = await openAs(browser, webUrl, "Chris");
    // The index reads the model's public description a block or two after the listing.
    const fillIn = chris.getByRole("button", { name: "Fill in a made-up patient" });
    await expect
      .poll(
        async () => {
          await chris.goto(`${webUrl}${model}/try`);
          return fillIn.waitFor({ timeout: 4_000 }).then(
            () => true,
            () => false,
          );
        },
        { timeout: 45_000, interval: 2_000 },
      )
      .toBe(true);
    await fillIn.click();
    await chris.getByRole("button", { name: /^Pay .* and run$/ }).click();
    await chris.waitForURL(/\/orders\/0x/);
    await chris.getByText("The payment was shared out.").waitFor({ timeout: 90_000 });
    await chris.getByRole("button", { name: "Open the result" }).click();
    await chris.getByText(/^Probability: \d+ %$/).waitFor();
    await picture(chris, "model-prediction");

    // What the chain paid out for this order, against 5 dollars by the published parts.
    const id = chris.url().split("/").pop() as `0x${string}`;
    const { order, fee } = await findOrder(demo.reader, id);
    const events = await demo.reader.publicClient.getContractEvents({
      address: demo.deployment.contracts.Payouts,
      abi: payoutsAbi,
      fromBlock: 0n,
      strict: true,
      args: { order: id },
    });
    const paid = events.flatMap((event) => {
      if (event.eventName === "Credited") return [[event.args.payee, event.args.amount] as const];
      return event.eventName === "PotCredited" ? [[event.args.pot, event.args.amount] as const] : [];
    });
    const host = 5_000_000n * BigInt(order.custodianBps);
    const developer = 5_000_000n * BigInt(order.curatorBps);
    expect(order.price).toBe(5_000_000n);
    expect(order.custodianBps + order.curatorBps).toBe(8_000);
    expect(Object.fromEntries(paid)).toEqual({
      [demo.operator("lakeside").walletClient.account.address]: host / 10_000n,
      [demo.wallet("developer").walletClient.account.address]: developer / 10_000n,
      [demo.deployment.contracts.Treasury]: fee,
      [potKey(order.asset)]: 1_000_000n,
    });
    const table = await chris.getByRole("table", { name: "Parts of the payment" }).innerText();
    expect(table).toMatch(/1\.00/);
    expect([...dana.faults, ...chris.faults]).toEqual([]);
  });
});
