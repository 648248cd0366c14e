import fc from "fast-check";
import type { Address } from "viem";
import { expect, test } from "vitest";
import { CONSENT, PROXY } from "@salus/sdk/generated/constants";
import { type Held, planHolding } from "./hold-revocation.ts";

/* What is kept is held against a gateway that keeps everything: it must never decide otherwise, whatever comes later. */

const REACH = CONSENT.REVOCATION_REACH;
const KEY: Address = `0x${"0a".repeat(20)}`;
const OTHER: Address = `0x${"0b".repeat(20)}`;

function word(max_nonce: number, change: Partial<Held> = {}): Held {
  const self = { code_key: null, two_person: false, proxy: null, proxy_since: null };
  return { max_nonce, signer: KEY, by_key: true, ...self, ...change };
}
const ofProxy = (max_nonce: number, since = 5) => word(max_nonce, { proxy: KEY, proxy_since: since });

test("of one key's words the one that reaches furthest takes the place of the others", () => {
  const held = [word(10), word(20)];
  expect(planHolding(held, word(30), 0)).toEqual({ superseded: held, waiting: 1 });
  expect(planHolding(held, word(15), 0)).toEqual({ covered: held[1], superseded: [], waiting: 2 });
  expect(planHolding(held, word(20), 0)).toMatchObject({ covered: held[1] });
});

test.each<[string, Held]>([
  ["another key's", word(10, { signer: OTHER })],
  ["a proxy's", ofProxy(10)],
  ["that of a proxy named at another time", ofProxy(10, 6)],
  ["the holder's of a code", word(10, { code_key: OTHER })],
  ["the custodian's of two persons", word(10, { two_person: true })],
  ["a contract's", word(10, { by_key: false })],
  ["one received before it was kept whose it is", word(10, { signer: null, by_key: false })],
])("%s stands beside a key's that reaches further", (_, other) => {
  expect(planHolding([other], word(30), 0).superseded).toEqual([]);
  expect(planHolding([word(30)], other, 0).covered).toBeUndefined();
});

test("one that the registry may not take yet takes the place of none", () => {
  const held = [word(REACH)];
  expect(planHolding(held, word(REACH + 1), 0).superseded).toEqual([]);
  expect(planHolding(held, word(REACH + 1), 1).superseded).toEqual(held);
  const proxys = [ofProxy(PROXY.PROXY_REACH)];
  expect(planHolding(proxys, ofProxy(PROXY.PROXY_REACH + 1), 0).superseded).toEqual([]);
  expect(planHolding(proxys, ofProxy(PROXY.PROXY_REACH + 1), 1).superseded).toEqual(proxys);
  // While the chain is in doubt, nothing is known of what it takes.
  expect(planHolding(held, word(REACH + 1), undefined)).toEqual({ superseded: [], waiting: 2 });
});

const near = (reach: number) =>
  fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: reach - 6, max: reach + 6 }));
const anyWord = fc.oneof(
  fc
    .record({ max_nonce: near(REACH), signer: fc.constantFrom(KEY, OTHER), by_key: fc.boolean() })
    .map((some) => word(some.max_nonce, some)),
  near(PROXY.PROXY_REACH).map((nonce) => ofProxy(nonce)),
  near(REACH).map((nonce) => word(nonce, { two_person: true })),
);
const arrivals = fc.array(fc.record({ said: anyWord, settled: fc.option(fc.integer({ min: 0, max: 8 })) }), {
  maxLength: 25,
});
const role = ({ signer, proxy, two_person }: Held) => `${signer}/${proxy}/${two_person}`;

test("keeps what decides and what can be mined, whoever loses the right to speak and wherever the nonce goes", () => {
  const property = fc.property(
    arrivals,
    fc.integer({ min: 0, max: REACH + 10 }),
    fc.subarray(
      [KEY, OTHER].flatMap((signer) => [word(0, { signer }), ofProxy(0), word(0, { two_person: true })]),
    ),
    (told, risen, muted) => {
      let settled = 0;
      const all: Held[] = [];
      let kept: Held[] = [];
      for (const { said, settled: seen } of told) {
        if (seen !== null) settled = Math.max(settled, seen);
        all.push(said);
        const { covered, superseded } = planHolding(kept, said, seen === null ? undefined : settled);
        if (!covered) kept = [...kept.filter((each) => !superseded.includes(each)), said];
      }
      // Later: the finalized nonce is where it was or above, some speakers have lost the right, contracts any of theirs.
      const nonce = settled + risen;
      const silent = new Set(muted.map(role));
      const speak = (each: Held) => each.by_key && !silent.has(role(each));
      const denies = (some: Held[]) => some.some((each) => speak(each) && each.max_nonce >= nonce);
      const reach = ({ proxy }: Held) => (proxy ? PROXY.PROXY_REACH : REACH);
      const minable = (some: Held[]) =>
        some.some((each) => speak(each) && each.max_nonce >= nonce && each.max_nonce <= nonce + reach(each));
      expect([denies(kept), minable(kept)]).toEqual([denies(all), minable(all)]);
      // A contract's words are all there.
      expect(kept.filter(({ by_key }) => !by_key)).toHaveLength(all.filter(({ by_key }) => !by_key).length);
    },
  );
  fc.assert(property, { numRuns: 2_000 });
});
