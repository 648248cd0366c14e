import { keccak256, toHex } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signPermit } from "@salus/sdk/chain/permit";
import { proveMembership } from "@salus/sdk/disputes/membership";
import { signOpening } from "@salus/sdk/disputes/open-as-contributor";
import { openDispute } from "@salus/sdk/disputes/open-dispute";
import { readDispute } from "@salus/sdk/disputes/read-dispute";
import { sendOpening, type SignedOpening } from "@salus/sdk/gateway/send-opening";
import { demoPanel } from "../../../scripts/deploy/local.ts";
import {
  buyer,
  contributors,
  deliveredOrder,
  DOLLAR,
  mint,
  openMarket,
  people,
} from "../../../test/support/delivered-order.ts";
import { type GatewayApp, startGatewayApp } from "../../../test/support/gateway-app.ts";
import { startLocalChain } from "../../../test/support/local-chain.ts";
import { neverSends } from "../../../test/support/relaying.ts";
import type { Context } from "../context.ts";

const DOCUMENT = keccak256(toHex("a document"));
const HOUR = 3600;
const REFUSED = { code: "GATEWAY_DISPUTE_REFUSED", hint: expect.stringMatching(/.{10}/) };
const [ada, ben, cy] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
let world: GatewayApp;
let gateway: { url: string };

beforeAll(async () => {
  const windows = { dispute: HOUR, ruling: 4 * HOUR, maxDelivery: HOUR };
  world = await startGatewayApp(25_440, undefined, () => startLocalChain({}, demoPanel(), windows));
  gateway = { url: await world.app.listen({ host: "127.0.0.1", port: 0 }) };
  await openMarket(world.chain);
  for (const { address } of [ada, ben]) await mint(world.chain, address, 10n * DOLLAR);
  const { order } = await deliveredOrder(world.chain);
  await world.know(order.asset, ada.address, cy.address);
}, 120_000);
afterAll(() => world?.stop());
beforeEach(async () => {
  await world.context.db.deleteFrom("relays").execute();
});

const spentRows = () => world.context.db.selectFrom("relays").selectAll().execute();
const purse = () =>
  world.chain.reader.publicClient.getBalance({ address: world.context.keys.operator.address });

/** What somebody signs to open a dispute about a new order, with a permit for the least bond, a dollar. */
async function openingOf(person: typeof ada, { by = person } = {}): Promise<SignedOpening> {
  const { chain } = world;
  const { id, order } = await deliveredOrder(chain);
  const panel = order.arbitrator;
  const subject = person.address;
  const opening = { order: id, subject, evidence: DOCUMENT, maxBond: DOLLAR };
  const token = chain.deployment.contracts.TestDollar!;
  return {
    order,
    opening,
    membership: await proveMembership(chain.reader, { id, order, contributors, subject }),
    signature: await signOpening(chain.deployment, { panel, opening }, by),
    permit: await signPermit(chain.as(person), { token, spender: panel, value: DOLLAR }),
  };
}

describe("a contributor's dispute", () => {
  it("is opened for somebody without any coin, with their bond, once; its transaction is told again", async () => {
    const { publicClient } = world.chain.reader;
    const word = await openingOf(ada);
    const { transaction } = await sendOpening(gateway, word);
    expect(await readDispute(world.chain.reader, word.order)).toMatchObject({
      opener: ada.address,
      party: "Contributor",
      bond: DOLLAR,
      standing: "Open",
    });
    expect(await publicClient.getBalance({ address: ada.address })).toBe(0n);
    const { gasUsed, from } = await publicClient.getTransactionReceipt({ hash: transaction });
    expect(from).toBe(world.context.keys.operator.address.toLowerCase());
    expect(await spentRows()).toMatchObject([{ kind: "DisputeOpening", gas: Number(gasUsed) }]);
    // Without asking the panel again, which would refuse it.
    const idle = await world.replica({ sender: neverSends });
    const url = await idle.listen({ host: "127.0.0.1", port: 0 });
    expect(await sendOpening({ url }, word)).toEqual({ transaction });
  });

  it("is refused, at no cost, in any form that does not count", async () => {
    const mine = await openingOf(ada);
    const change = (part: Partial<SignedOpening>) => () => sendOpening(gateway, { ...mine, ...part });
    const opened = await openingOf(ada);
    await openDispute(world.chain.as(buyer), { order: opened.order });
    const [poor, unknown, forged] = [
      await openingOf(cy),
      await openingOf(ben),
      await openingOf(ada, { by: cy }),
    ];
    const { membership, opening, order } = mine;
    const tried: [why: string, run: () => Promise<unknown>][] = [
      ["a higher bond than was signed", change({ opening: { ...opening, maxBond: 2n * DOLLAR } })],
      ["another document than was signed", change({ opening: { ...opening, evidence: keccak256("0x01") } })],
      ["another's signature", () => sendOpening(gateway, forged)],
      ["another order's words", change({ order: opened.order })],
      ["an order that nobody paid for", change({ order: { ...order, salt: keccak256("0x02") } })],
      ["a panel that no vote elected", change({ order: { ...order, arbitrator: ada.address } })],
      [
        "a weight that the receipt does not show",
        change({ membership: { ...membership, contributor: { ...membership.contributor, weight: 9 } } }),
      ],
      ["another's place in the receipt", change({ membership: poor.membership })],
      ["no money for the bond", () => sendOpening(gateway, poor)],
      ["somebody whom this gateway does not know", () => sendOpening(gateway, unknown)],
      ["an order that is disputed already", () => sendOpening(gateway, opened)],
    ];
    const before = await purse();
    for (const [why, run] of tried) await expect(run(), why).rejects.toMatchObject(REFUSED);
    await expect(sendOpening(gateway, poor)).rejects.toMatchObject({
      message: expect.stringMatching(/insufficient balance/i),
      hint: expect.stringMatching(/^Add funds/),
    });
    expect(await spentRows()).toEqual([]);
    expect(await purse()).toBe(before);
  });

  it("stops at the subject's gas for a day, and goes on at another gateway", async () => {
    const word = await openingOf(ada);
    const relayGas: Context["environment"]["relayGas"] = { aDay: 10_000_000, aSubject: 100_000 };
    const tight = await world.replica({ environment: { ...world.context.environment, relayGas } });
    const url = await tight.listen({ host: "127.0.0.1", port: 0 });
    await expect(sendOpening({ url }, word)).rejects.toMatchObject({ code: "GATEWAY_RELAY_BUDGET" });
    expect(await spentRows()).toEqual([]);
    await sendOpening(gateway, word);
    await world.chain.advance(2 * HOUR);
    const late = await openingOf(ada);
    await world.chain.advance(2 * HOUR);
    await expect(sendOpening(gateway, late)).rejects.toMatchObject(REFUSED);
  });
});
