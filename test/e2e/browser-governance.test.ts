/** Token holders change the protocol fee in a browser on the one-command stack: only the next order pays the new one. */
import type { Browser, Page } from "playwright-core";
import { toHex, zeroAddress, type Address } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  buildOrder,
  delegateVotes,
  findOrder,
  fundOrder,
  OrderKind,
  readListing,
  type SalusWriter,
} from "@salus/sdk";
import { changeFee } from "../../scripts/demo/change-fee.ts";
import { chooseCount, openAs, openUntil, picture, startBrowser, walkToPayment } from "../support/browser.ts";
import { DemoStack } from "../support/demo-stack.ts";

const ZERO = `0x${"00".repeat(32)}` as const;
const ONES = `0x${"11".repeat(32)}` as const;
const VOTERS = ["voter-1", "voter-2", "voter-3"];

/** What a made-up voter has of the chain's own coin. */
const COIN = 10n ** 22n;

let demo: DemoStack;
let browser: Browser;
let webUrl: string;
beforeAll(async () => {
  demo = new DemoStack();
  webUrl = demo.address.webUrl;
  browser = await startBrowser();
  // Whatever ran on this stack before: the fee is 2 %, and nobody's votes are anywhere.
  const { feeBps } = await order(demo.wallet("researcher"));
  if (feeBps !== 200) await changeFee(voters(), 200);
  for (const voter of voters()) await delegateVotes(voter, zeroAddress);
});
afterAll(async () => {
  await setCoin(kimsAccount(), COIN);
  await browser?.close();
});

function voters(): SalusWriter[] {
  return VOTERS.map((id) => demo.wallet(id));
}

const kimsAccount = () => demo.wallet("voter-2").walletClient.account.address;

async function setCoin(account: Address, amount: bigint): Promise<void> {
  const request = { method: "anvil_setBalance", params: [account, toHex(amount)] };
  await demo.reader.publicClient.request(request as never);
}

/** Pays for an analysis and says which fee it was funded at. */
async function order(buyer: SalusWriter) {
  const draft = await buildOrder(demo.reader, {
    buyer: buyer.walletClient.account.address,
    asset: demo.dataset("north-clinic"),
    kind: OrderKind.Analysis,
    uses: 2n,
    country: 578,
    project: ZERO,
    job: ONES,
    recipientKey: ONES,
    privacyCap: 0n,
  });
  const { terms } = await readListing(demo.reader, draft.order.asset);
  const { id } = await fundOrder(buyer, { draft, terms });
  return findOrder(demo.reader, id);
}

async function delegateToSelf(page: Page): Promise<void> {
  await page.goto(`${webUrl}/governance/delegates`);
  await page.getByRole("button", { name: "Vote with my tokens myself" }).click();
  await page.getByText("Your tokens vote through you.").waitFor();
}

async function vote(page: Page, proposal: string, choice: string, reason: string): Promise<void> {
  await page.goto(proposal);
  await page.getByRole("radio", { name: choice }).check();
  await page.getByLabel("Your reason").fill(reason);
  await page.getByRole("button", { name: "Vote", exact: true }).click();
  await page.getByText("You have voted.").waitFor();
}

describe("a vote in a browser", () => {
  test("changes the fee by delegate, propose, vote, queue and execute; an order already paid keeps its own", async () => {
    const buyer = demo.wallet("researcher");
    const before = await order(buyer);
    expect(before).toMatchObject({ feeBps: 200, fee: 1_000_000n }); // 2 % of 50 dollars

    const [alex, kim, toni] = await Promise.all([
      openAs(browser, webUrl, "Alex"),
      openAs(browser, webUrl, "Kim"),
      openAs(browser, webUrl, "Toni"),
    ]);
    await delegateToSelf(alex);
    // Kim has no coin of the chain's own from here on, and votes all the same: a gateway carries what Kim signs.
    await setCoin(kimsAccount(), 0n);
    await kim.goto(`${webUrl}/governance/delegates`);
    await kim.getByText("You need no coin for this: you only sign.").waitFor();
    await delegateToSelf(kim);

    await alex.goto(`${webUrl}/governance/new`);
    await alex.getByRole("radio", { name: "Change a parameter" }).check();
    await alex.getByLabel("Parameter", { exact: true }).selectOption("Protocol fee");
    await alex.getByLabel("New value, in percent").fill("3");
    await alex.getByRole("button", { name: "Add to the proposal" }).click();
    await alex.getByLabel("Title", { exact: true }).fill("Raise the protocol fee to 3 %");
    await alex
      .getByLabel("Why", { exact: true })
      .fill("The commons needs **more**.\n\n![a picture](https://example.org/x.png)");
    await alex.getByText("Protocol fee: 2 % → 3 %").waitFor();
    await alex
      .getByText(/^New orders and new usage channels only/)
      .first()
      .waitFor();
    await picture(alex, "governance-draft");
    await alex.getByRole("button", { name: "Propose" }).click();
    await alex.waitForURL(/\/governance\/0x[0-9a-f]{64}$/);
    const proposal = alex.url();

    await vote(alex, proposal, "For", "More work waits for the commons.");
    await vote(kim, proposal, "For", "Two percent did not pay for the audits.");
    const kims = { address: kimsAccount() };
    expect(await demo.reader.publicClient.getBalance(kims)).toBe(0n);
    await setCoin(kims.address, COIN);
    await toni.goto(proposal);
    await toni
      .getByText("You cannot vote on this: your tokens were not delegated when voting began.")
      .waitFor();
    await alex.goto(proposal);
    await alex.getByText("Two percent did not pay for the audits.").waitFor();
    expect(await alex.locator("main img").count()).toBe(0);
    await picture(alex, "governance-voting");

    await kim.getByRole("button", { name: "Queue" }).click({ timeout: 60_000 });
    await kim.getByRole("button", { name: "Carry out" }).click({ timeout: 60_000 });
    await kim.getByText("It has been carried out.").waitFor({ timeout: 30_000 });
    await picture(kim, "governance-done");

    const row = alex.getByRole("row").filter({ hasText: "Protocol fee" });
    await openUntil(alex, `${webUrl}/governance/parameters`, row.getByText("3 %"));
    await row.getByRole("link", { name: "Protocol fee" }).click();
    await alex.waitForURL(/\/governance\/parameters\/AccessEscrow/);
    await openUntil(alex, alex.url(), alex.getByRole("link", { name: "Raise the protocol fee to 3 %" }));
    await picture(alex, "governance-parameter");

    expect(await order(buyer)).toMatchObject({ feeBps: 300, fee: 1_500_000n }); // 3 % of 50 dollars
    expect(await findOrder(demo.reader, before.id)).toMatchObject({ feeBps: 200, fee: 1_000_000n });
    const robin = await openAs(browser, webUrl, "Robin");
    await walkToPayment(robin, {
      webUrl,
      dataset: "Kidney and heart cohort",
      choose: chooseCount,
    });
    await robin.getByRole("button", { name: "Pay 51.50 TUSD" }).waitFor();
    expect([alex, kim, toni, robin].flatMap((page) => page.faults)).toEqual([]);

    await changeFee(voters(), 200);
  });
});
