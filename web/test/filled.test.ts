import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launch } from "./browser.ts";
import {
  changeLook,
  expectAxe,
  expectSound,
  LOOKS,
  openPage,
  scriptBytes,
  type Look,
  type Opened,
} from "./inspect.ts";
import { isBuilt, startSite, type Site } from "./site.ts";
import { startUpstream, type Upstream } from "./upstream.ts";
import { APPROVED, WAITING } from "./applications.ts";
import { ASKING, CHAIN_ID, CONTRACTS, DATASET, MODEL, PROPOSAL, RUNNING, SETTLED } from "./world.ts";

const PORT = 22330;
/** Most JavaScript that a page may load, in bytes of gzip. */
const PUBLIC_BYTES = 130_000;
const APP_BYTES = 220_000;
const PATIENT = "st-anna-maria";
const BUYER = "researcher";
const VOTER = "voter-1";
const COMMITTEE = "committee";
/** The look in which what a page loads is weighed. */
const DESK = LOOKS[1];

interface FilledPage {
  route: string;
  /** Persona who looks at it. */
  as?: string;
  /** What it must show. */
  shows: string;
  most: number;
  /** Goes on within the page. */
  goOn?: (page: Page) => Promise<void>;
}

const PAGES: FilledPage[] = [
  { route: "/explore", shows: "Diabetes and heart cohort", most: PUBLIC_BYTES },
  { route: `/datasets/${DATASET}`, shows: "28.00 TUSD", most: PUBLIC_BYTES, goOn: declareForbidden },
  { route: "/models", shows: "10.00 TUSD", most: PUBLIC_BYTES },
  { route: `/models/${MODEL}`, shows: "Proven by its receipt", most: PUBLIC_BYTES },
  { route: "/governance", shows: "Change the protocol fee to 3 %", most: PUBLIC_BYTES },
  { route: `/governance/${PROPOSAL}`, shows: "Protocol fee: 2 % → 3 %", most: PUBLIC_BYTES },
  { route: `/governance/${PROPOSAL}`, as: VOTER, shows: "You have 3,000,000 votes here.", most: APP_BYTES },
  { route: "/governance/delegates", shows: "3,000,000 votes", most: PUBLIC_BYTES },
  { route: "/governance/delegates", as: VOTER, shows: "Your tokens vote through you.", most: APP_BYTES },
  { route: "/governance/parameters", shows: "from 0 % to 10 %", most: PUBLIC_BYTES },
  {
    route: "/governance/parameters/AccessEscrow.feeBps",
    shows: "Change the protocol fee to 2 %",
    most: PUBLIC_BYTES,
  },
  { route: "/governance/treasury", shows: "Came in", most: PUBLIC_BYTES },
  { route: "/governance/treasury", as: VOTER, shows: "Release", most: APP_BYTES, goOn: seeGrant },
  { route: "/governance/new", as: VOTER, shows: "Kind of change", most: APP_BYTES, goOn: draftProposal },
  { route: `/verify/${SETTLED}`, shows: "People whose records took part", most: PUBLIC_BYTES },
  { route: "/status", shows: "st-anna", most: PUBLIC_BYTES },
  { route: "/sign-in", shows: "Continue as Maria", most: PUBLIC_BYTES },
  { route: "/me", as: PATIENT, shows: "Kept by St. Anna Hospital", most: PUBLIC_BYTES },
  {
    route: "/me/uses",
    as: PATIENT,
    shows: "Counted and compared",
    most: PUBLIC_BYTES,
    goOn: readProofs,
  },
  {
    route: "/me/erase",
    as: PATIENT,
    shows: "Kept by St. Anna Hospital",
    most: PUBLIC_BYTES,
    goOn: eraseRecord,
  },
  { route: "/me/stop", as: PATIENT, shows: "Kept by St. Anna Hospital", most: PUBLIC_BYTES },
  {
    route: `/me/sharing/${DATASET}`,
    as: PATIENT,
    most: PUBLIC_BYTES,
    shows: "What may your record be used for?",
    goOn: chooseSharing,
  },
  {
    route: `/datasets/${DATASET}/order`,
    as: BUYER,
    most: APP_BYTES,
    shows: "What will you do with the result?",
    goOn: walkOrder,
  },
  { route: "/orders", as: BUYER, shows: "Analysis of Diabetes and heart cohort", most: APP_BYTES },
  { route: `/orders/${RUNNING}`, as: BUYER, shows: "Running next to the data", most: APP_BYTES },
  { route: `/orders/${SETTLED}`, as: BUYER, shows: "Where the payment went", most: APP_BYTES },
  { route: `/datasets/${ASKING}`, shows: "Needs the approval", most: PUBLIC_BYTES, goOn: askForApproval },
  {
    route: `/datasets/${ASKING}/apply`,
    as: BUYER,
    shows: "What is the study about?",
    most: APP_BYTES,
    goOn: apply,
  },
  { route: `/datasets/${ASKING}/order`, shows: "Sign in to see this page.", most: APP_BYTES },
  {
    route: `/datasets/${ASKING}/order`,
    as: BUYER,
    shows: "Which approved project is it for?",
    most: APP_BYTES,
    goOn: orderWithApproval,
  },
  {
    route: "/applications",
    as: BUYER,
    shows: "Order with this approval",
    most: APP_BYTES,
    goOn: readDecisions,
  },
  {
    route: "/applications",
    as: "developer",
    shows: "You have not applied for an approval.",
    most: APP_BYTES,
  },
  {
    route: "/committee",
    as: COMMITTEE,
    shows: "Waiting for a decision (1)",
    most: APP_BYTES,
    goOn: nobodyAnswers,
  },
  { route: "/committee", as: BUYER, shows: "This account is not a committee.", most: APP_BYTES },
  {
    route: `/committee/${WAITING}`,
    as: COMMITTEE,
    shows: "What do you decide?",
    most: APP_BYTES,
    goOn: decide,
  },
  {
    route: `/committee/${APPROVED}`,
    as: COMMITTEE,
    shows: "In force.",
    most: APP_BYTES,
    goOn: askToWithdraw,
  },
  { route: "/models/publish", as: BUYER, shows: "Which training run?", most: APP_BYTES },
  { route: `/models/${MODEL}/try`, as: BUYER, shows: "Haemoglobin A1c (%)", most: APP_BYTES },
];

/** A purpose that the dataset's terms forbid, to see the refusal. */
async function declareForbidden(page: Page): Promise<void> {
  await page.getByRole("radio", { name: "Research into health in general" }).check();
  await page.getByRole("checkbox", { name: "For commercial ends" }).check();
  await page.getByText("You may not use it for this purpose.").waitFor();
}

/** The answer where evidence is missing, and the way to get it. */
async function askForApproval(page: Page): Promise<void> {
  await page.getByRole("radio", { name: "Research into health in general" }).check();
  await page.getByLabel("In which country do you work?").selectOption("Another country");
  await page.getByText("You may not use it for this purpose.").waitFor();
  await page.getByLabel("In which country do you work?").selectOption("Germany");
  await page.getByRole("link", { name: "Apply for approval" }).waitFor();
}

/** With the keyboard alone: nothing is ticked before, each missing answer is named, then it is sent. */
async function apply(page: Page): Promise<void> {
  expect(await page.locator("main input:checked").count()).toBe(0);
  await page.getByRole("button", { name: "Send the application" }).press("Enter");
  await page.getByText("Say in a sentence what your project is.").waitFor();
  await page.locator("input:focus[aria-invalid=true]").waitFor();
  for (const missing of ["Choose what you will do.", "Say what the study is about", "Choose for how long."]) {
    await page.getByText(missing).waitFor();
  }
  await expectAxe(page);
  await page.keyboard.type("How many people have kidney disease");
  await page.getByRole("radio", { name: "Research into health in general" }).press("Space");
  await page.getByLabel("In which country do you work?").selectOption("Another country");
  await page.getByRole("button", { name: "Send the application" }).press("Enter");
  await page.getByText("No committee can approve this").waitFor();
  await page.getByLabel("In which country do you work?").selectOption("Germany");
  await page.getByLabel("What is the study about?").fill("To see whether a trial is possible.");
  await page.getByRole("radio", { name: "3 months" }).press("Space");
  await page.getByRole("button", { name: "Send the application" }).press("Enter");
  await page.getByText("Your application was sent.").waitFor();
}

/** The only approved project is taken by itself; what else was asked says why it is not. */
async function orderWithApproval(page: Page): Promise<void> {
  await page.getByRole("radio", { name: "Blood pressure before dialysis", checked: true }).waitFor();
  await page.getByText("The committee took its approval back").waitFor();
  await page.getByText("Lakeside is missing.").waitFor();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("radio", { name: "Count", exact: true }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page
    .getByText("Your order shows the committee's approval of “Blood pressure before dialysis”")
    .waitFor();
  await page.getByRole("checkbox", { name: /^I agree/ }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Pay 40.80 TUSD" }).waitFor();
}

/** Every state has its words, and a keeper that told what nobody signed is named. */
async function readDecisions(page: Page): Promise<void> {
  for (const state of ["Waiting", "Approved", "Refused", "Withdrawn"]) {
    await page.locator("main strong").getByText(state, { exact: true }).waitFor();
  }
  await page.getByText("Say which question you want to answer.").waitFor();
  await page.getByText("Lakeside is missing.").waitFor();
}

/** The list when no keeper answers, and once they do again. */
async function nobodyAnswers(page: Page): Promise<void> {
  await page.route("**/api/gateway/**", (route) =>
    route.fulfill({ status: 502, json: { code: "A", message: "No keeper answers.", hint: "Wait." } }),
  );
  await page.reload();
  await page.getByText("No keeper answers.").waitFor();
  await expectAxe(page);
  await page.unroute("**/api/gateway/**");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Waiting for a decision (1)").waitFor();
}

/** A committee's form: nothing chosen before, each missing answer named, and what would be signed in words. */
async function decide(page: Page): Promise<void> {
  expect(await page.locator("main input:checked").count()).toBe(0);
  await page.getByRole("button", { name: "Decide" }).press("Enter");
  await page.getByText("Choose one.").waitFor();
  await page.getByRole("radio", { name: "Refuse" }).press("Space");
  await page.getByRole("button", { name: "Sign the refusal" }).press("Enter");
  await page.getByText("Write why: the applicant needs it.").waitFor();
  await page.getByRole("radio", { name: "Approve" }).press("Space");
  await page.getByRole("button", { name: "Sign the approval" }).press("Enter");
  await page.getByText("Choose until when.").waitFor();
  await page.getByRole("radio", { name: "Another day" }).press("Space");
  await page.getByLabel("Last day").fill("2020-01-01");
  await page.getByRole("button", { name: "Sign the approval" }).press("Enter");
  await page.getByText("Choose a day that has not passed.").waitFor();
  await page.getByRole("radio", { name: "As asked: until 18 May 2033" }).press("Space");
  await page.getByText("for this purpose only: Research into health in general; in Germany").waitFor();
}

/** What a withdrawal changes and what it does not; the button in focus keeps the approval. */
async function askToWithdraw(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Withdraw: / }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Withdraw this approval?" });
  await dialog.getByText("This changes:").waitFor();
  await expectAxe(page);
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
}

/** What each line of the keeper's list is worth, and what it left out. */
async function readProofs(page: Page): Promise<void> {
  const lines = page.getByRole("row");
  const line = (what: string, proof: string) =>
    lines.filter({ hasText: what }).filter({ has: page.getByText(proof, { exact: true }) });
  // Of one of the two only another keeper told.
  await line("12", "Proven").nth(1).waitFor();
  await line("Taught a computer", "Missing").waitFor();
  await line("Not known yet", "On its way").waitFor();
  await page.getByText("The proof of one or more lines is missing").waitFor();
  await page.getByText("St. Anna Hospital did not tell you about one use").waitFor();
  await page.getByText("The list of Northern was shortened").waitFor();
  await page.getByText("Harbour did not answer").waitFor();
  const states = {
    "St. Anna Hospital": "Something is missing",
    Lakeside: "Complete",
    Northern: "Was shortened",
  };
  for (const [keeper, state] of Object.entries(states)) await line(keeper, state).waitFor();
  await line("Harbour", "Did not answer").waitFor();
}

/** Opens a dialog again before the browser tells that it was closed; it stays open. */
async function closeAndOpenAtOnce(dialog: Locator): Promise<void> {
  const opener = (await dialog
    .page()
    .getByRole("button", { name: /^Erase this record/, includeHidden: true })
    .elementHandle())!;
  await dialog.evaluate(async (element: HTMLDialogElement, again) => {
    const told = new Promise((resolve) => element.addEventListener("close", resolve, { once: true }));
    [...element.querySelectorAll("button")].at(-1)!.click();
    while (element.open) await Promise.resolve();
    (again as HTMLElement).click();
    await told;
  }, opener);
  await dialog.page().evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  expect(await dialog.isVisible()).toBe(true);
}

/** Two steps with the keyboard alone, then the keepers' receipts, which a reload does not lose. */
async function eraseRecord(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Erase this record/ }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Erase this record for ever?" });
  await dialog.getByText("This cannot be undone.").waitFor();
  // A second Enter, pressed too soon, keeps the record.
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: /^Erase this record/ }).press("Enter");
  await dialog.getByRole("button", { name: "No, keep it" }).press("Enter");
  await dialog.waitFor({ state: "hidden" });
  expect(await page.getByText("Your wish is on its way.").count()).toBe(0);
  await page.getByRole("button", { name: /^Erase this record/ }).press("Enter");
  await closeAndOpenAtOnce(dialog);
  await dialog.getByRole("button", { name: "Yes, erase it for ever" }).press("Enter");
  const receipts = page.getByRole("list", { name: "Receipts of the keepers" }).getByRole("listitem");
  await receipts.filter({ hasText: "St. Anna Hospital" }).filter({ hasText: "Receipt of" }).waitFor();
  await receipts.filter({ hasText: "Harbour" }).filter({ hasText: "No receipt yet" }).waitFor();
  await page.reload();
  await page.getByText("Your record is erased.").waitFor({ timeout: 30_000 });
  expect(await receipts.filter({ hasText: "Receipt of" }).count()).toBe(3);
  expect(await page.getByRole("button", { name: /^Erase this record/ }).count()).toBe(0);
}

/** Every screen of a sharing choice up to the last, with nothing ticked before. */
async function chooseSharing(page: Page): Promise<void> {
  expect(await page.locator("main input:checked").count()).toBe(0);
  await page.getByRole("checkbox", { name: "Learning about health and illness" }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "May companies take part?" }).waitFor();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("checkbox", { name: "Counting and comparing" }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("radio", { name: "1 year" }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "I allow this" }).waitFor();
}

/** A grant of which a half is ready, and who may have it released. */
async function seeGrant(page: Page): Promise<void> {
  const grant = page.getByRole("row").filter({ has: page.getByRole("button", { name: "Release" }) });
  await grant.getByText("5.00 TUSD").waitFor();
}

/** Every form of a proposal, and what a draft would do. */
async function draftProposal(page: Page): Promise<void> {
  for (const kind of ["Admit a gateway", "List an issuer", "Pay from the treasury", "Call any contract"]) {
    await page.getByRole("radio", { name: kind }).check();
    await page.getByRole("button", { name: "Add to the proposal" }).click();
    await page.locator("[aria-invalid=true]").first().waitFor();
  }
  await page.getByRole("radio", { name: "Change a parameter" }).check();
  await page.getByLabel("Parameter", { exact: true }).selectOption("Protocol fee");
  await page.getByLabel("New value, in percent").fill("11");
  await page.getByRole("button", { name: "Add to the proposal" }).click();
  await page.getByText("Write a value from 0 % to 10 %.").waitFor();
  await page.getByLabel("New value, in percent").fill("3");
  await page.getByRole("button", { name: "Add to the proposal" }).click();
  await page.getByText("Protocol fee: 2 % → 3 %").waitFor();
  await page.getByRole("button", { name: "Propose" }).click();
  await page.getByText("Give it a title.").waitFor();
}

/** The order's screens up to the payment. */
async function walkOrder(page: Page): Promise<void> {
  await page.getByRole("radio", { name: "Research into health in general" }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("radio", { name: "Histogram of a number" }).check();
  await page.getByLabel("Column").selectOption("Systolic blood pressure (mmHg)");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("checkbox", { name: /^I agree/ }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Pay 40.80 TUSD" }).waitFor();
}

describe.skipIf(!isBuilt)("filled pages (skipped until `npm run build -w web` has run)", () => {
  let upstream: Upstream;
  let site: Site;
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "salus-web-"));
    const deployment = join(folder, "deployment.json");
    writeFileSync(deployment, JSON.stringify({ chainId: CHAIN_ID, startBlock: 0, contracts: CONTRACTS }));
    upstream = await startUpstream();
    const url = `${upstream.url}/gateway`;
    site = await startSite(PORT, {
      SALUS_RPC_URL: `${upstream.url}/rpc`,
      SALUS_SUBGRAPH_URL: `${upstream.url}/graph`,
      SALUS_CHAIN_ID: String(CHAIN_ID),
      SALUS_DEPLOYMENT: deployment,
      SALUS_GATEWAYS: JSON.stringify([
        { name: "st-anna", url },
        { name: "lakeside", url: `${url}2` },
        { name: "northern", url: `${url}3` },
        { name: "harbour", url: `${url}4` },
      ]),
    });
    browser = await launch();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
    await upstream?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A browser of somebody's own, as others left nothing in it. */
  async function contextOf(persona: string | undefined, look: Look): Promise<BrowserContext> {
    const context = await browser.newContext(look);
    if (persona) await context.addInitScript(`localStorage.setItem("salus-persona", "${persona}")`);
    return context;
  }

  /** One browser for each reader, in which nothing is done but look: what its pages share is loaded once. */
  const readers = new Map<string | undefined, Promise<BrowserContext>>();
  function readerOf(persona: string | undefined): Promise<BrowserContext> {
    const known = readers.get(persona) ?? contextOf(persona, LOOKS[0]);
    readers.set(persona, known);
    return known;
  }

  async function expectFilled(opened: Opened, look: Look, { shows, most }: FilledPage): Promise<void> {
    await changeLook(opened, look);
    await opened.page.getByText(shows).first().waitFor();
    if (look === DESK) {
      await opened.page.waitForLoadState("networkidle");
      expect(scriptBytes(opened)).toBeLessThanOrEqual(most);
    }
    await expectSound(opened);
  }

  for (const filled of PAGES) {
    const { route, as, goOn } = filled;
    const name = `${route.slice(0, 24)}${as ? ` as ${as}` : ""}`;
    if (!goOn) {
      it.concurrent(name, { timeout: 90_000 }, async () => {
        const opened = await openPage(await readerOf(as), site, route, "load");
        for (const look of LOOKS) await expectFilled(opened, look, filled);
        await opened.page.close();
      });
      continue;
    }
    it.concurrent(`${name}, which goes on`, { timeout: 120_000 }, async () => {
      for (const look of LOOKS) {
        const context = await contextOf(as, look);
        const opened = await openPage(context, site, route, "load");
        await expectFilled(opened, look, filled);
        await goOn(opened.page);
        await expectSound(opened);
        await context.close();
      }
    });
  }

  for (const { route } of PAGES.filter(({ as }) => as === PATIENT)) {
    it.concurrent(
      `${route.slice(0, 24)} of patients says nothing of wallets, gas, tokens, hashes or signing outside the technical details`,
      async () => {
        const { page } = await openPage(await readerOf(PATIENT), site, route);
        const text = await page.locator("main").innerText();
        expect(text).not.toMatch(
          /\b(wallet|gas|tokens?|hash(es)?|sign|signed|signature|blockchain|nonce)\b/i,
        );
        await page.close();
      },
    );
  }
});
