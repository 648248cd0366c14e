/** What a patient's data earned, from a researcher's payment to the patient's own new address, in a browser. */
import { hexToBytes } from "viem";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { derivePayoutKey, OrderKind, readClaimableRoot, readClaimed, testDollarAbi } from "@salus/sdk";
import { patientPersonas } from "../../scripts/demo/world/personas.ts";
import { openAs, picture, startBrowser } from "../support/browser.ts";
import { DemoStack } from "../support/demo-stack.ts";

const DATASET = "Diabetes and heart cohort";
const COUNT = {
  analysis: "count",
  version: 1,
  tables: "fhir-r4/1",
  parameters: { filter: [], epsilon: { numerator: 1, denominator: 1 } },
};

let demo: DemoStack;
let browser: Browser;
beforeAll(async () => {
  demo = new DemoStack();
  browser = await startBrowser();
});
afterAll(() => browser?.close());

test(
  "a patient sees what their data earned and takes it out to a new address",
  { timeout: 240_000 },
  async () => {
    const { webUrl } = demo.address;
    const hospital = "st-anna" as const;
    const [persona] = patientPersonas(hospital);
    const token = demo.deployment.contracts.TestDollar!;
    const key = { dataset: demo.dataset(hospital), token };
    const subject = demo.patient(hospital, persona!.id).address;
    await demo.order({ buyer: demo.wallet("developer"), hospital, kind: OrderKind.Analysis, spec: COUNT });
    // Settled, collected, final, checked by two gateways, and past the window.
    await expect
      .poll(async () => (await readClaimableRoot(demo.reader, key))?.count ?? 0, {
        timeout: 120_000,
        interval: 1_000,
      })
      .toBeGreaterThan(0);

    const page = await openAs(browser, webUrl, "Maria");
    await page.goto(`${webUrl}/me`);
    await page.getByRole("link", { name: "See what my data earned" }).click();
    await page.getByRole("heading", { name: "What my data earned" }).waitFor();
    const takeOut = page.getByRole("link", { name: `Take it out from ${DATASET}` });
    await expect
      .poll(
        async () => {
          await page.reload();
          await page.getByText("Earned so far").first().waitFor();
          return takeOut.count();
        },
        { timeout: 60_000, interval: 2_000 },
      )
      .toBe(1);
    await picture(page, "patient-earnings");
    await takeOut.click();
    // Nothing is chosen for the person.
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("Choose where the money should go.").waitFor();
    await page.getByLabel("An address that I already have").check();
    await page.getByLabel("Your address").fill("0x12");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("Write the whole address").waitFor();
    await page.getByLabel("A new address just for this").check();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Check before you take it out" }).waitFor();
    await picture(page, "patient-take-out");
    await page.getByRole("button", { name: "Take it out" }).click();
    await page.getByRole("heading", { name: "Your money" }).waitFor();

    const { chainId, contracts } = demo.deployment;
    const context = { chainId, registry: contracts.AssetRegistry, dataset: key.dataset };
    const to = derivePayoutKey(hexToBytes(persona!.accountSecret), context).address;
    const balance = () =>
      demo.reader.publicClient.readContract({
        address: token,
        abi: testDollarAbi,
        functionName: "balanceOf",
        args: [to],
      });
    await expect.poll(balance, { timeout: 60_000, interval: 1_000 }).toBeGreaterThan(0n);
    expect(await balance()).toBe(await readClaimed(demo.reader, { ...key, subject }));
    await page.goto(`${webUrl}/me/earnings`);
    await page.getByText("Taken out").first().waitFor();
    const words = await page.locator("main").innerText();
    expect(words).not.toMatch(/\b(wallet|gas|token|hash|sign(ed|ature)?|blockchain)\b/i);
    expect(page.faults).toEqual([]);
  },
);
