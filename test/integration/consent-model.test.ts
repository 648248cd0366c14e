import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConsentModel, type Message } from "../contracts/model/consent.ts";
import { ConsentChain } from "../contracts/model/consent-chain.ts";
import { consentSteps, DATASETS, messageOf, type Step, SUBJECTS } from "../contracts/model/consent-steps.ts";
import { sequences } from "../contracts/model/sequences.ts";
import { startLocalChain, type LocalChain } from "../support/local-chain.ts";

let local: LocalChain;
let chain: ConsentChain;
const counts = new Map<string, number>();

beforeAll(async () => {
  local = await startLocalChain({ throwOnTransactionFailures: false });
  chain = new ConsentChain(local);
  await chain.prepare();
});
afterAll(() => local?.close());

/** Plays a sequence on the registry and on the model; they must agree on every step and on every slot. */
async function replay(steps: Step[]): Promise<void> {
  const back = await chain.ledger.mark();
  try {
    await play(steps, new ConsentModel(chain.setting));
  } finally {
    await back();
  }
}

async function play(steps: Step[], model: ConsentModel): Promise<void> {
  const sent: Message[] = [];
  for (const step of steps) {
    const at = chain.ledger.now + (step.do === "wait" ? step.seconds : 1);
    const message = messageOf(step, model, sent, at);
    if (message) {
      const taken = await chain.send(message, at);
      const text = JSON.stringify(message, (_, value) => (typeof value === "bigint" ? `${value}` : value));
      expect(taken, text).toBe(model.take(message, at, chain.ledger.block));
      counts.set(`${message.do} ${taken}`, (counts.get(`${message.do} ${taken}`) ?? 0) + 1);
      sent.push(message);
    } else if (step.do === "removeCustodian" && model.active) {
      expect(await chain.removeCustodian(at)).toBe(true);
      model.active = false;
    } else chain.ledger.now = at;
  }
  // A wait moves no clock until the next block: time is read from there.
  await chain.ledger.look();
  for (const dataset of DATASETS) {
    const expected = SUBJECTS.map((subject) => model.slot(dataset, subject));
    expect(await chain.slots(dataset, SUBJECTS)).toEqual(expected);
    expect(await chain.controller(dataset)).toBe(chain.expectedController(model, dataset));
  }
}

test("the registry does what the reference model of consent says", { timeout: 3_600_000 }, async () => {
  await fc.assert(fc.asyncProperty(consentSteps, replay), {
    numRuns: sequences(),
    seed: 31,
    endOnFailure: true,
  });
  // Nothing is proven by sequences in which everything is refused.
  const everySort = ["grant", "grantBySig", "grantTwoPerson", "grantByProxy", "revokeFor", "revokeBySig"];
  const rarer = [
    "revokeTwoPerson",
    "revokeProvisional",
    "revokeByProxy",
    "nameProxy",
    "removeProxy",
    "handOver",
    "contest",
  ];
  for (const sort of [...everySort, ...rarer]) {
    expect(counts.get(`${sort} true`) ?? 0, `${sort} taken`).toBeGreaterThan(0);
    expect(counts.get(`${sort} false`) ?? 0, `${sort} refused`).toBeGreaterThan(0);
  }
});
