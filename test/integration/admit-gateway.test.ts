/** Token holders admit a gateway in a browser, on a stack without a demo world: genesis voters, and no data. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readGateways } from "@salus/sdk";
import { ensureGatewayKeys, type GatewayKeys } from "../../scripts/stack/keys.ts";
import { startStack, type Stack } from "../../scripts/stack/stack.ts";
import { openAs, openUntil, picture, startBrowser } from "../support/browser.ts";
import { DemoStack } from "../support/demo-stack.ts";

const TITLE = "Admit Valley Hospital";
const URL_OF_NEW = "http://127.0.0.1:24190";

let stateDir: string;
let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "salus-no-demo-"));
  const root = join(import.meta.dirname, "../..");
  stack = await startStack({ root, stateDir, demo: false, say: (line) => console.log(`no demo: ${line}`) });
  browser = await startBrowser();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  if (stateDir) rmSync(stateDir, { recursive: true, force: true });
});

async function delegateToSelf(page: Page): Promise<void> {
  await page.goto(`${stack.urls.web}/governance/delegates`);
  await page.getByRole("button", { name: "Vote with my tokens myself" }).click();
  await page.getByText("Your tokens vote through you.").waitFor();
}

async function draft(page: Page, keys: GatewayKeys): Promise<void> {
  await page.goto(`${stack.urls.web}/governance/new`);
  await page.getByRole("radio", { name: "Admit a gateway" }).check();
  await page.getByLabel("Gateway's name").fill("valley");
  await page.getByLabel("Gateway's web address").fill(URL_OF_NEW);
  await page.getByLabel("Operator's account").fill(keys.operator);
  await page.getByLabel("Public sealing key").fill(keys.sealingPublicKey);
  const add = page.getByRole("button", { name: "Add to the proposal" });
  // A signer that signs for another gateway: the contracts refuse it, and the draft says so before anybody votes.
  const signer = (await readGateways(demo().reader))[0]!.signer;
  await page.getByLabel("Signer's account").fill(signer);
  await add.click();
  await page.getByText("It would fail: the rules refuse part 1.").waitFor();
  await page.getByRole("button", { name: /^Take out/ }).click();
  await page.getByText("Nothing is in the proposal yet.").waitFor();

  await page.getByLabel("Gateway's name").fill("valley");
  await page.getByLabel("Gateway's web address").fill(URL_OF_NEW);
  await page.getByLabel("Operator's account").fill(keys.operator);
  await page.getByLabel("Signer's account").fill(keys.signer);
  await page.getByLabel("Public sealing key").fill(keys.sealingPublicKey);
  await add.click();
  await page.getByText(`Admit the gateway “valley” at ${URL_OF_NEW}.`).first().waitFor();
  await page.getByText("It would work if it were carried out now.").waitFor();
  await page.getByLabel("Title", { exact: true }).fill(TITLE);
  await page.getByLabel("Why", { exact: true }).fill("It wants to keep the records of its own patients.");
  // What was drafted survives a reload.
  await page.reload();
  await page.getByText("It would work if it were carried out now.").waitFor();
  await picture(page, "admit-draft");
  await page.getByRole("button", { name: "Propose" }).click();
  await page.waitForURL(/\/governance\/0x[0-9a-f]{64}$/);
}

async function voteFor(page: Page, proposal: string): Promise<void> {
  await page.goto(proposal);
  await page.getByRole("radio", { name: "For" }).check();
  await page.getByRole("button", { name: "Vote", exact: true }).click();
  await page.getByText("You have voted.").waitFor();
}

function demo(): DemoStack {
  const { urls } = stack;
  return new DemoStack({
    rpcUrl: urls.rpc,
    webUrl: urls.web,
    subgraphUrl: urls.subgraph,
    gateways: urls.gateways,
    deploymentFile: join(stateDir, "deployment.json"),
    stateDir,
  });
}

describe("a stack without a demo world", () => {
  test("has no data, and voters who can admit a gateway", { timeout: 240_000 }, async () => {
    const { web } = stack.urls;
    const keys = ensureGatewayKeys(join(stateDir, "valley.json"));
    const alex = await openAs(browser, web, "Alex");
    await alex.goto(`${web}/explore`);
    await alex.getByText("There are no datasets yet.").waitFor();
    const kim = await openAs(browser, web, "Kim");
    await delegateToSelf(alex);
    await delegateToSelf(kim);
    await draft(alex, keys);
    const proposal = alex.url();
    await voteFor(alex, proposal);
    await voteFor(kim, proposal);
    await kim.getByRole("button", { name: "Queue" }).click({ timeout: 60_000 });
    await kim.getByRole("button", { name: "Carry out" }).click({ timeout: 60_000 });
    await kim.getByText("It has been carried out.").waitFor({ timeout: 30_000 });

    const row = alex.getByRole("table", { name: "Gateways" }).getByRole("row").filter({ hasText: "valley" });
    await openUntil(alex, `${web}/governance/parameters`, row.getByText("Active"));
    await picture(alex, "admit-done");
    expect((await readGateways(demo().reader)).at(-1)).toMatchObject({
      index: 4,
      name: "valley",
      url: URL_OF_NEW,
      operator: keys.operator,
      signer: keys.signer,
      sealingKey: keys.sealingPublicKey,
      active: true,
    });
    expect([...alex.faults, ...kim.faults]).toEqual([]);
  });
});
