import { describe, expect, it } from "vitest";
import { inBatches, sharedBy } from "./together.ts";

/** A promise with its handles. */
function gate() {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}
const turns = async () => {
  for (let i = 0; i < 5; i += 1) await new Promise(setImmediate);
};

describe("work in batches", () => {
  it("does together what comes while a run is under way, each in its place", async () => {
    const runs: number[][] = [];
    const gates = [gate(), gate()];
    const double = inBatches(async (items: readonly number[]) => {
      runs.push([...items]);
      await gates[runs.length - 1]!.passed;
      return items.map((item) => 2 * item);
    });
    const first = double(1);
    await turns();
    const later = [double(2), double(3), double(4)];
    await turns();
    expect(runs).toEqual([[1]]);
    gates.forEach(({ open }) => open());
    expect(await Promise.all([first, ...later])).toEqual([2, 4, 6, 8]);
    expect(runs).toEqual([[1], [2, 3, 4]]);
  });

  it("lets none fail for another's fault, and goes on after a failure", async () => {
    const root = inBatches(async (items: readonly number[]) => {
      if (items.some((item) => item < 0)) throw new RangeError(`negative among ${items.length}`);
      return items.map(Math.sqrt);
    });
    const all = await Promise.allSettled([root(4), root(-1), root(9)]);
    expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(all[1]).toMatchObject({ reason: { message: "negative among 1" } });
    expect(await root(16)).toBe(4);
  });

  it("takes no more than 256 at a time, and all of them", async () => {
    const sizes: number[] = [];
    const same = inBatches(async (items: readonly number[]) => {
      sizes.push(items.length);
      return items;
    });
    const all = Array.from({ length: 600 }, (_, i) => i);
    expect(await Promise.all(all.map(same))).toEqual(all);
    expect(sizes).toEqual([256, 256, 88]);
  });
});

describe("a shared reading", () => {
  it("answers nobody with what was read before they asked", async () => {
    let world = "old";
    const gates = [gate(), gate()];
    const seen: string[] = [];
    const read = sharedBy<string, string>(async () => {
      const found = world;
      await gates[seen.push(found) - 1]!.passed;
      return found;
    });
    const first = read("x");
    await turns();
    world = "new"; // written and acknowledged while the first reading is on its way
    const [second, third] = [read("x"), read("x")];
    await turns();
    expect(seen).toEqual(["old"]);
    gates.forEach(({ open }) => open());
    expect(await Promise.all([first, second, third])).toEqual(["old", "new", "new"]);
    expect(seen).toEqual(["old", "new"]);
  });

  it("is read anew each time, for each key by itself, also after a failure", async () => {
    let reads = 0;
    const read = sharedBy(async (key: string) => {
      reads += 1;
      if (key === "bad" && reads < 3) throw new Error("away");
      return `${key}${reads}`;
    });
    await expect(read("bad")).rejects.toThrow("away");
    expect(await read("a")).toBe("a2");
    expect(await read("bad")).toBe("bad3");
    expect(await Promise.all([read("a"), read("b"), read("a")])).toEqual(["a4", "b5", "a4"]);
  });
});
