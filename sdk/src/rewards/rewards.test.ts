import { createHash } from "node:crypto";
import fc from "fast-check";
import { encodePacked, type Address, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import { buildRewards, type RewardInput } from "./build-rewards.ts";
import { divide } from "./ledger.ts";
import type { Contributor, ContributorSource } from "./merge.ts";
import {
  naiveNode,
  naiveParent,
  naiveRewards,
  naiveTree,
  type NaiveEvent,
  type NaivePerson,
} from "./oracle.fixture.ts";
import { parseRewardFile } from "./reward-file.ts";
import { hashRewardLeaf, type RewardLeaf } from "./reward-leaf.ts";
import { depthOf, sumTreeOf, SumTreeStream, verifyRewardLeaf } from "./sum-tree.ts";

const hex = (value: number | bigint, bytes: number): Hex =>
  `0x${value.toString(16).padStart(2 * bytes, "0")}`;
const subjectOf = (n: number): Address => hex(BigInt(n) * 0x9e3779b97f4a7c15f39cc0605cedc835n, 20) as Address;
const rootOf = (n: number): Hex => hex(n + 1, 32);

const leavesArbitrary = fc
  .uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 70 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc.record({
          subject: fc.constant(subjectOf(id)),
          cumulative: fc.bigInt({ min: 1n, max: 2n ** 100n }),
          lapsed: fc.constant(0n),
        }),
      ),
    ),
  );

const ascending = (leaves: readonly RewardLeaf[]) =>
  leaves.toSorted((a, b) => (BigInt(a.subject) < BigInt(b.subject) ? -1 : 1));

describe("the sum tree", () => {
  it("has the root of the definition, built at once and as a stream", () => {
    fc.assert(
      fc.property(leavesArbitrary, (leaves) => {
        const expected = naiveTree(ascending(leaves));
        const tree = sumTreeOf(leaves);
        expect(tree.root).toBe(expected.hash);
        expect(tree.total).toBe(expected.sum);
        const stream = new SumTreeStream();
        for (const leaf of ascending(leaves)) stream.push(hashRewardLeaf(leaf), leaf.cumulative);
        expect(stream.finish()).toEqual({ root: expected.hash, total: expected.sum, count: leaves.length });
      }),
      { numRuns: 60 },
    );
  });

  it.each([1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33])("proves each of %i leaves and no other", (count) => {
    const leaves = Array.from({ length: count }, (_, i) => ({
      subject: subjectOf(i + 1),
      cumulative: BigInt(i + 1),
      lapsed: 0n,
    }));
    const tree = sumTreeOf(leaves);
    tree.leaves.forEach((leaf, index) => {
      const proof = tree.prove(index);
      expect(verifyRewardLeaf(leaf, proof, tree)).toBe(true);
      expect(verifyRewardLeaf({ ...leaf, cumulative: leaf.cumulative + 1n }, proof, tree)).toBe(false);
      expect(verifyRewardLeaf({ ...leaf, lapsed: 1n }, proof, tree)).toBe(false);
      expect(verifyRewardLeaf(leaf, { ...proof, index: index ^ 1 }, tree)).toBe(false);
      expect(verifyRewardLeaf(leaf, { ...proof, index: index + 2 ** depthOf(count) }, tree)).toBe(false);
      expect(verifyRewardLeaf(leaf, proof, { ...tree, total: tree.total + 1n })).toBe(false);
      expect(
        verifyRewardLeaf(leaf, { ...proof, siblings: `${proof.siblings}${"00".repeat(48)}` }, tree),
      ).toBe(false);
    });
    expect(() => tree.prove(count)).toThrow(expect.objectContaining({ code: "SDK_LEAF_NOT_FOUND" }));
  });

  it("has the root of two leaves worked out by hand", () => {
    const [a, b] = [
      { subject: hex(1, 20), cumulative: 5n, lapsed: 2n },
      { subject: hex(2, 20), cumulative: 7n, lapsed: 0n },
    ];
    expect(sumTreeOf([b, a])).toMatchObject({
      root: naiveParent(naiveNode(a), naiveNode(b)).hash,
      total: 12n,
    });
  });

  it("refuses a subject twice, no leaves, and a sum beyond 128 bits", () => {
    const leaf = { subject: hex(1, 20), cumulative: 2n ** 128n - 1n, lapsed: 0n };
    expect(() => sumTreeOf([leaf, leaf])).toThrow(expect.objectContaining({ code: "SDK_DUPLICATE_LEAF" }));
    expect(() => sumTreeOf([])).toThrow(expect.objectContaining({ code: "SDK_REWARDS_EMPTY" }));
    const other = { ...leaf, subject: hex(2, 20), cumulative: 1n };
    expect(() => sumTreeOf([leaf, other])).toThrow(
      expect.objectContaining({ code: "SDK_VALUE_OUT_OF_RANGE" }),
    );
  });
});

type World = {
  events: NaiveEvent[];
  people: Map<Hex, NaivePerson[]>;
  controlledSince: Map<string, number>;
  lapsePeriod: number;
  time: number;
};

/** Random settlements, royalties, gifts and collections among random overlapping cohorts. */
const worlds: fc.Arbitrary<World> = fc
  .record({
    cohorts: fc.array(
      fc.uniqueArray(
        fc.record({
          id: fc.integer({ min: 1, max: 25 }),
          weight: fc.integer({ min: 0, max: 3 }),
          attested: fc.boolean(),
        }),
        { minLength: 1, maxLength: 12, selector: ({ id }) => id },
      ),
      { minLength: 1, maxLength: 4 },
    ),
    steps: fc.array(
      fc.record({
        kind: fc.constantFrom("credit", "credit", "collect", "gift", "unnamed"),
        pot: fc.integer({ min: 0, max: 2 }),
        cohort: fc.nat({ max: 3 }),
        amount: fc.oneof(fc.bigInt({ min: 1n, max: 40n }), fc.bigInt({ min: 1n, max: 10n ** 12n })),
        wait: fc.nat({ max: 50 }),
      }),
      { maxLength: 25, size: "max" },
    ),
    controlled: fc.array(fc.tuple(fc.integer({ min: 1, max: 25 }), fc.nat({ max: 1200 })), { maxLength: 5 }),
    lapsePeriod: fc.nat({ max: 300 }),
    after: fc.nat({ max: 400 }),
  })
  .map(({ cohorts, steps, controlled, lapsePeriod, after }) => {
    const people = new Map(
      cohorts.map((crowd, i) => [
        rootOf(i),
        crowd.map(({ id, weight, attested }) => ({ subject: subjectOf(id), weight, attested })),
      ]),
    );
    const events: NaiveEvent[] = [];
    const open = new Map<Hex, bigint>();
    let time = 0;
    for (const { kind, pot: potNumber, cohort, amount, wait } of steps) {
      const pot = rootOf(100 + potNumber);
      time += wait;
      if (kind === "gift") events.push({ type: "gift", amount });
      else if (kind === "collect") {
        events.push({ type: "collect", pot, amount: open.get(pot) ?? 0n, time });
        open.delete(pot);
      } else {
        const root = kind === "credit" ? { contributorsRoot: rootOf(cohort % cohorts.length) } : {};
        events.push({ type: "credit", pot, amount, ...root });
        open.set(pot, (open.get(pot) ?? 0n) + amount);
      }
    }
    const controlledSince = new Map(controlled.map(([id, since]) => [subjectOf(id) as string, since]));
    return { events, people, controlledSince, lapsePeriod, time: time + after };
  });

const scope = {
  chainId: 31337,
  rewards: hex(0xc0, 20) as Address,
  dataset: 7n,
  token: hex(0x70, 20) as Address,
  epoch: 99,
};

function sourceOf(people: readonly Contributor[], size = 5): ContributorSource {
  const sorted = people.toSorted((a, b) => (BigInt(a.subject) < BigInt(b.subject) ? -1 : 1));
  return function* () {
    for (let i = 0; i < sorted.length; i += size) yield sorted.slice(i, i + size);
  };
}

function inputOf(world: World, size?: number): RewardInput {
  const contributors = new Map([...world.people].map(([root, crowd]) => [root, sourceOf(crowd, size)]));
  return { ...world, scope, contributors };
}

async function collect(input: RewardInput) {
  const pieces: Uint8Array[] = [];
  const built = await buildRewards(input, (piece) => void pieces.push(piece.slice()));
  return { built, bytes: new Uint8Array(Buffer.concat(pieces)) };
}

describe("the reward builder", () => {
  it("agrees with a calculation that follows every payment to every person", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const expected = naiveRewards(world);
        const { built, bytes } = await collect(inputOf(world));
        if (expected.leaves.length === 0) {
          expect(built).toBeUndefined();
          return;
        }
        const { hash, sum } = naiveTree(expected.leaves);
        expect(built).toEqual({
          root: hash,
          total: sum,
          count: expected.leaves.length,
          leafFile: `0x${createHash("sha256").update(bytes).digest("hex")}`,
          funded: expected.funded,
          undistributed: expected.undistributed,
        });
        expect(sum + expected.undistributed).toBe(expected.funded);
        const file = parseRewardFile(bytes);
        expect(Array.from({ length: file.count }, (_, i) => file.leaf(i))).toEqual(expected.leaves);
      }),
      { numRuns: 150 },
    );
  });

  it("never lowers anybody's amount, whatever happens next", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat({ max: 25 }), async (world, cut) => {
        const early = { ...world, events: world.events.slice(0, cut) };
        const [before, after] = [await collect(inputOf(early)), await collect(inputOf(world))];
        if (!before.built) return;
        const [old, now] = [parseRewardFile(before.bytes), parseRewardFile(after.bytes)];
        for (let i = 0; i < old.count; i++) {
          const leaf = old.leaf(i);
          const place = now.find(leaf.subject);
          expect(place).toBeDefined();
          expect(now.leaf(place!).cumulative >= leaf.cumulative).toBe(true);
          expect(now.leaf(place!).lapsed >= leaf.lapsed).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("writes the same bytes however the contributors are cut into pieces", async () => {
    const [world] = fc.sample(
      worlds.filter((w) => naiveRewards(w).leaves.length > 8),
      { numRuns: 1, seed: 5 },
    );
    const [one, many] = [await collect(inputOf(world!, 1)), await collect(inputOf(world!, 1000))];
    expect(one.bytes).toEqual(many.bytes);
    expect(one.built).toEqual(many.built);
  });

  it("writes the header and the leaf worked out by hand", async () => {
    const [root, pot] = [rootOf(0), rootOf(9)];
    const { bytes } = await collect({
      scope,
      events: [
        { type: "credit", pot, amount: 10n, contributorsRoot: root },
        { type: "collect", pot, amount: 10n, time: 5 },
      ],
      contributors: new Map([[root, sourceOf([{ subject: hex(0xab, 20), weight: 2, attested: true }])]]),
      lapsePeriod: 4,
      time: 9,
    });
    const header =
      `{"chainId":31337,"dataset":"7","epoch":99,"format":"salus-rewards","formatVersion":1,` +
      `"rewards":"${scope.rewards}","token":"${scope.token}"}\n`;
    const leaf = encodePacked(["address", "uint128", "uint128"], [hex(0xab, 20), 10n, 10n]);
    expect(Buffer.from(bytes).toString("latin1")).toBe(
      header + Buffer.from(leaf.slice(2), "hex").toString("latin1"),
    );
  });

  it("carries what floors leave to the next order, with 0 and with 6 decimals", () => {
    const weights = new Map([[1, 3]]);
    const [root, pot] = [rootOf(0), rootOf(9)];
    const pay = (amount: bigint) =>
      [
        { type: "credit", pot, amount, contributorsRoot: root },
        { type: "collect", pot, amount, time: 1 },
      ] as const;
    const coins = divide([...pay(2n), ...pay(2n), ...pay(1n)], () => weights);
    // 2 of 3: nobody gets a third of a coin. 4: one each, one left. 2 again: nobody.
    expect([coins.shares.get(root)!.earned(1), coins.undistributed]).toEqual([1n, 2n]);
    const dollars = divide([...pay(100_000_000n), ...pay(100_000_000n)], () => weights);
    // 33.333333 each and one unit left; then 100.000001 by three is 33.333333 and two units left.
    expect([dollars.shares.get(root)!.earned(1), dollars.undistributed]).toEqual([66_666_666n, 2n]);
  });

  it("refuses a collection that its credits do not explain", () => {
    const events = [{ type: "collect", pot: rootOf(9), amount: 1n, time: 1 }] as const;
    expect(() => divide(events, () => new Map())).toThrow(
      expect.objectContaining({ code: "SDK_REWARDS_INCOMPLETE" }),
    );
  });

  it("refuses contributors that do not ascend, and a root that nobody explains", async () => {
    const [root, pot] = [rootOf(0), rootOf(9)];
    const person = { subject: hex(1, 20) as Address, weight: 1, attested: false };
    const events = [
      { type: "credit", pot, amount: 9n, contributorsRoot: root },
      { type: "collect", pot, amount: 9n, time: 1 },
    ] as const;
    const input = { scope, events: [...events], lapsePeriod: 1, time: 1 };
    const twice = new Map([[root, () => [[person], [person]]]]);
    await expect(buildRewards({ ...input, contributors: twice })).rejects.toThrow(/do not ascend/);
    await expect(buildRewards({ ...input, contributors: new Map() })).rejects.toMatchObject({
      code: "SDK_REWARDS_INCOMPLETE",
    });
  });
});

describe("a reward file", () => {
  const subjects = [hex(3, 20), hex(1, 20), hex(2, 20)] as Address[];

  async function written(): Promise<Uint8Array> {
    const [root, pot] = [rootOf(0), rootOf(9)];
    const { bytes } = await collect({
      scope,
      events: [
        { type: "credit", pot, amount: 9n, contributorsRoot: root },
        { type: "collect", pot, amount: 9n, time: 1 },
      ],
      contributors: new Map([
        [root, sourceOf(subjects.map((subject) => ({ subject, weight: 1, attested: false })))],
      ]),
      lapsePeriod: 1,
      time: 1,
    });
    return bytes;
  }

  it("is read back, a subject found and proven", async () => {
    const file = parseRewardFile(await written());
    expect(file.scope).toEqual(scope);
    expect(file.count).toBe(3);
    expect(file.find(hex(2, 20))).toBe(1);
    expect(file.find(hex(4, 20))).toBeUndefined();
    const tree = file.tree();
    expect(verifyRewardLeaf(file.leaf(1), tree.prove(1), tree)).toBe(true);
  });

  it("is refused when cut, out of order, or without its header", async () => {
    const bytes = await written();
    const malformed = expect.objectContaining({ code: "SDK_REWARDS_FILE_MALFORMED" });
    expect(() => parseRewardFile(bytes.subarray(0, -1))).toThrow(malformed);
    expect(() => parseRewardFile(bytes.subarray(5))).toThrow(malformed);
    const swapped = bytes.slice();
    swapped.set(bytes.subarray(-52), bytes.length - 104);
    swapped.set(bytes.subarray(bytes.length - 104, bytes.length - 52), bytes.length - 52);
    expect(() => parseRewardFile(swapped)).toThrow(malformed);
  });
});
