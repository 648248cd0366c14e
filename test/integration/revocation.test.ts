/**
 * The promise of revocation under random interleavings: no key and no receipt for a person after their revocation is in the
 * head or was received, through reorganisations, outages and whatever happens in the middle of a step; and every decision
 * is the oracle's. Three gateways with their production code and real databases; the chain is a double that can reorganise.
 *
 * `SALUS_INTERLEAVINGS` sets the number of stories, `SALUS_SEED` repeats a run.
 */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { innerFetch, startNetwork, type Network } from "../support/interleaving/network.ts";
import { MEETING, NAMED, newTally, OVERRULED, PEOPLE, stories, tell } from "../support/interleaving/story.ts";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";

const RUNS = Number(process.env["SALUS_INTERLEAVINGS"] ?? 300);
const SEED = process.env["SALUS_SEED"] ? { seed: Number(process.env["SALUS_SEED"]) } : {};
/** People's permissions are dated from here; each story begins at this time, on a chain of its own. */
const START = 1_900_000_000;

let postgres: TestPostgres;
let network: Network;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(START * 1000);
  vi.stubGlobal(
    "fetch",
    innerFetch(() => network),
  );
  postgres = await startPostgres(21_650);
  network = await startNetwork(postgres, PEOPLE(START), START);
}, 120_000);
afterAll(async () => {
  await network?.stop();
  await postgres?.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("revocation", () => {
  test.each(Object.entries(NAMED))("is not outrun by %s", { timeout: 120_000 }, async (name, told) => {
    const tally = newTally();
    for (const steps of told) await tell(network, START, steps, tally);
    expect(tally.releases).toBeGreaterThan(0);
    expect(tally.receipts).toBeGreaterThan(0);
    if (name.includes("received") || name.includes("proxy")) expect(tally.revocations).toBeGreaterThan(0);
  });

  test.each(Object.entries(MEETING))("is told apart: %s", async (reason, steps) => {
    const tally = newTally();
    await tell(network, START, steps, tally);
    expect(tally.decisions).toHaveProperty(reason);
  });

  test("of a proxy that lost the right is overruled by the person's next final grant alone", async () => {
    const tally = newTally();
    await tell(network, START, OVERRULED, tally);
    // Once denied before the grant and once while it was not final, then permitted.
    expect(tally.decisions["GATEWAY_CONSENT_REVOKED"]).toBe(2);
  });

  // Properties only: what a random story is about is left to chance, so nothing is asserted of it.
  test(
    `holds in ${RUNS} random interleavings over three gateways`,
    { timeout: 60_000 + RUNS * 2_000 },
    async () => {
      const tally = newTally();
      const property = fc.asyncProperty(stories, (steps) => tell(network, START, steps, tally));
      await fc.assert(property, { numRuns: RUNS, ...SEED });
      if (process.env["SALUS_SHOW_TALLY"]) console.log(tally);
    },
  );
});
