import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { expect, it } from "vitest";
import { build } from "vite";
import { deriveSubjectKey } from "./accounts/derive.ts";
import { deriveHpkeKeyPair } from "./crypto/hpke.ts";
import { openSealed, type MessageContext } from "./crypto/seal-to-recipient.ts";

const executablePath = process.env.CHROME_PATH ?? "/usr/bin/chromium";

/** Runs in the page: builds a version, opens a record of it with two of three shares, derives a key, seals a message. */
const PAGE = `
import { buildVersion, newRecordId, openRecord, schemaDigest } from "SDK/records/index.ts";
import { generateHpkeKeyPair, openShares, sealToRecipient } from "SDK/crypto/index.ts";
import { deriveSubjectKey } from "SDK/accounts/index.ts";

globalThis.journey = async ({ recipientPublicKey, message }) => {
  const keys = await Promise.all([0, 1, 2].map(() => generateHpkeKeyPair()));
  const gateways = keys.map(({ publicKey }, index) => ({ index, hpkePublicKey: publicKey }));
  const registry = "0x" + "11".repeat(20), subject = "0x" + "22".repeat(20);
  const schema = { name: "Visits", mediaType: "text/csv", columns: [{ name: "hba1c", type: "decimal" }] };
  const context = { chainId: 31337, registry, dataset: 7n, version: 1 };
  const built = await buildVersion({
    context, gatewaySet: gateways, threshold: 2,
    records: [{ recordId: newRecordId(), subject, schema: schemaDigest(schema), plaintext: new TextEncoder().encode("6.1") }],
    consents: [{ subject, purposes: 1n, modes: 1, expiry: 2e9, basis: 0, evidence: "0x" + "5a".repeat(32), weight: 1, originVersion: 1 }],
    descriptor: { title: "t", description: "d", country: "DE", conditions: [], schemas: [schema], contact: { name: "n" } },
  });
  const shares = await Promise.all([0, 2].map(async (i) => {
    const { gateway, bytes: sealed } = built.sealedShares[i];
    const gatewaySet = { gateways, threshold: 2 };
    const [share] = await openShares({ context: { ...context, gatewaySet, gateway }, recipientKey: keys[i], sealed });
    return { gateway, ...share };
  }));
  const entry = built.manifest.entries[0];
  const { plaintext } = await openRecord({ context: built.manifest, entry, envelope: built.ciphertexts[0].bytes, shares });
  const sealed = await sealToRecipient({ recipientPublicKey, context: message, plaintext });
  const secret = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
  return { sealed: Array.from(sealed), subjectKey: deriveSubjectKey(secret, { ...context, dataset: 7n }).address };
};
`;

const missing = existsSync(executablePath)
  ? ""
  : ` (skipped: no browser at ${executablePath}; set CHROME_PATH)`;

it.skipIf(missing !== "")(
  `records, shares, messages and keys work in a browser and agree with Node${missing}`,
  { timeout: 60_000 },
  async () => {
    const pair = await deriveHpkeKeyPair(new Uint8Array(32).fill(7));
    const message: MessageContext = {
      chainId: 31337,
      escrow: `0x${"33".repeat(20)}`,
      orderId: `0x${"cc".repeat(32)}`,
      purpose: "result",
    };
    const script = await bundle(PAGE);
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage();
      await page.route("**/*", (route) =>
        route.fulfill({ contentType: "text/html", body: "<!doctype html><title>sdk</title>" }),
      );
      await page.goto("https://sdk.localhost/"); // a secure context, as WebCrypto demands
      await page.addScriptTag({ content: script });
      const answer = await page.evaluate(
        (input) =>
          (
            globalThis as never as {
              journey: (i: typeof input) => Promise<{ sealed: number[]; subjectKey: string }>;
            }
          ).journey(input),
        { recipientPublicKey: pair.publicKey, message },
      );
      const opened = await openSealed({
        recipientKey: pair,
        context: message,
        sealed: Uint8Array.from(answer.sealed),
      });
      expect(new TextDecoder().decode(opened)).toBe("6.1");
      const secret = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
      const context = { chainId: 31337, registry: `0x${"11".repeat(20)}`, dataset: 7n } as const;
      expect(answer.subjectKey).toBe(deriveSubjectKey(secret, context).address);
    } finally {
      await browser.close();
    }
  },
);

async function bundle(source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "salus-sdk-browser-"));
  try {
    await writeFile(join(folder, "page.js"), source);
    await build({
      root: import.meta.dirname,
      configFile: false,
      logLevel: "silent",
      resolve: { alias: { SDK: import.meta.dirname } },
      build: {
        outDir: join(folder, "out"),
        lib: { entry: join(folder, "page.js"), formats: ["iife"], name: "page", fileName: () => "page.js" },
      },
    });
    return await readFile(join(folder, "out", "page.js"), "utf8");
  } finally {
    await rm(folder, { recursive: true });
  }
}
