/** A researcher, a patient and the chain between them, in a browser on the one-command stack. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DUO, findOrder, leafRoot, OrderKind, recordLeaf, verifyReceipt } from "@salus/sdk";
import { releaseShares, waitForOrder } from "@salus/sdk/gateway/index";
import { chooseCount, openAs, picture, placeOrder, startBrowser } from "../support/browser.ts";
import { DemoStack } from "../support/demo-stack.ts";

const DATASET = "Diabetes and heart cohort";

let demo: DemoStack;
let browser: Browser;
let webUrl: string;
beforeAll(async () => {
  demo = new DemoStack();
  webUrl = demo.address.webUrl;
  browser = await startBrowser();
});
afterAll(() => browser?.close());

async function histogram(page: Page): Promise<void> {
  await page.getByLabel("Histogram of a number").check();
  await page.getByLabel("Column").selectOption("Systolic blood pressure (mmHg)");
  await page.getByLabel("Lowest value").fill("90");
  await page.getByLabel("Highest value").fill("180");
  await page.getByLabel("Number of bars").fill("6");
}

describe("research in a browser", () => {
  test("a permitted analysis is bought, its noised histogram seen, its receipt checked; the patient sees the use, stops, and is left out", async () => {
    const robin = await openAs(browser, webUrl, "Robin");
    await robin.goto(`${webUrl}/explore`);
    await robin.getByRole("link", { name: DATASET }).click();
    await robin.getByLabel("Research into health in general").check();
    await robin.getByLabel("For commercial ends").check();
    await robin.getByText("You may not use it for this purpose.").waitFor();
    expect(await robin.locator("main").innerText()).toContain("may not be used for commercial ends");
    // Who pays nevertheless is refused by the contract, in the same words.
    await expect(
      demo.order({
        buyer: demo.wallet("developer"),
        hospital: "st-anna" as const,
        kind: OrderKind.Analysis,
        spec: {},
        uses: DUO.USE_HEALTH | DUO.COMMERCIAL,
        submit: false,
      }),
    ).rejects.toMatchObject({
      code: "AccessEscrow_PurposeNotPermitted",
      message: expect.stringContaining("may not be used for commercial ends"),
    });
    await robin.getByLabel("For commercial ends").uncheck();
    await robin.getByText("You may use it for this purpose.").waitFor();

    const first = await placeOrder(robin, { webUrl, dataset: DATASET, choose: histogram });
    await robin.getByText("The payment was shared out.").waitFor({ timeout: 90_000 });
    await robin.getByRole("button", { name: "Open the result" }).click();
    await robin.getByRole("img", { name: /^Systolic blood pressure/ }).waitFor();
    await robin.getByText("Show as a table").click();
    const cells = await robin.getByRole("figure").first().getByRole("table").getByRole("row").allInnerTexts();
    expect(cells).toHaveLength(7); // a header and six bars
    await robin.getByRole("button", { name: "Check this receipt now" }).click();
    await robin.getByText("This receipt is right.").waitFor();
    await picture(robin, "research-result");

    const maria = await openAs(browser, webUrl, "Maria");
    await maria.goto(`${webUrl}/me/uses`);
    const proof = maria.locator(`a[href$="/verify/${first}"]`);
    await proof.waitFor();
    const row = maria.getByRole("row").filter({ has: proof });
    expect(await row.innerText()).toMatch(/Counted and compared[\s\S]*Used/);
    await picture(maria, "patient-uses");

    await maria.goto(`${webUrl}/me`);
    await maria.getByRole("link", { name: "Stop sharing", exact: true }).click();
    await maria.getByRole("button", { name: `Stop sharing ${DATASET}` }).click();
    await maria.getByText("You stopped sharing.").waitFor();
    await picture(maria, "patient-stopped");

    const before = await findOrder(demo.reader, first);
    const second = await placeOrder(robin, { webUrl, dataset: DATASET, choose: chooseCount });
    await robin.getByText("The payment was shared out.").waitFor({ timeout: 90_000 });
    const earlier = await verifyReceipt(
      demo.reader,
      first,
      await demo.filesOf("st-anna", first, before.order),
    );
    const { order } = await findOrder(demo.reader, second);
    const later = await verifyReceipt(demo.reader, second, await demo.filesOf("st-anna", second, order));
    expect([earlier.ok, later.ok]).toEqual([true, true]);
    const subject = demo.patient("st-anna", "st-anna-maria").address.toLowerCase();
    const others = earlier.cohort!.records.filter((record) => record.subject.toLowerCase() !== subject);
    expect(others).toHaveLength(earlier.cohort!.records.length - 1);
    expect(later.receipt.inputRoot).toBe(leafRoot(recordLeaf, others));

    // A download ordered now: every gateway refuses the key share of the record whose person stopped.
    const buyer = demo.wallet("researcher");
    const download = await demo.order({ buyer, hospital: "st-anna", kind: OrderKind.Download });
    await waitForOrder(download.executor, { id: download.id });
    const released = await releaseWhenFinal();
    const { manifest } = await demo.files("st-anna", download.order);
    const own = manifest.entries.find(({ leaf }) => leaf.subject.toLowerCase() === subject)!;
    expect(released.shares.some(({ recordId }) => recordId === own.leaf.recordId)).toBe(false);
    expect(released.refused.map(({ recordId }) => recordId)).toContain(own.leaf.recordId);
    expect([...robin.faults, ...maria.faults]).toEqual([]);

    async function releaseWhenFinal() {
      const gateway = await demo.gateway("north-clinic");
      const { id, order: fixed, recipientKey } = download;
      const escrow = demo.deployment.contracts.AccessEscrow;
      for (let tries = 0; ; tries++) {
        try {
          return await releaseShares(gateway, {
            id,
            order: fixed,
            signer: buyer.walletClient,
            recipientKey,
            escrow,
          });
        } catch (error) {
          if ((error as { code?: string }).code !== "GATEWAY_NOT_FINAL" || tries > 40) throw error;
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
      }
    }
  });

  test("an order that nobody delivers is refunded from its page, after its deadline", async () => {
    const robin = await openAs(browser, webUrl, "Robin");
    const buyer = demo.wallet("researcher");
    const placed = await demo.order({
      buyer,
      hospital: "st-anna" as const,
      kind: OrderKind.Analysis,
      spec: {},
      uses: DUO.USE_HEALTH,
      submit: false,
      deliverWithin: 20,
    });
    await robin.goto(`${webUrl}/orders/${placed.id}`);
    await robin.getByRole("button", { name: "Take my payment back" }).click({ timeout: 90_000 });
    await robin
      .getByText(/Refunded/)
      .first()
      .waitFor();
    await picture(robin, "order-refunded");
    expect(robin.faults).toEqual([]);
  });
});
