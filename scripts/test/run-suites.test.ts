import { describe, expect, it } from "vitest";
import type { SuiteResult } from "./result.ts";
import { runSuites } from "./run-suites.ts";
import type { Suite } from "./suites.ts";

const suite = (name: string, line?: string): Suite => ({
  name,
  args: [],
  report: "exit-code",
  ...(line === undefined ? {} : { line, patient: line === "slow" }),
  limitMinutes: 1,
});
const result = (passed: number, failed = 0): SuiteResult => ({ passed, failed, failures: [], skipped: [] });

/** Suites that end when the test says so, and all that happened, in order. */
function stage() {
  const events: string[] = [];
  const ends = new Map<string, (end: SuiteResult | Error) => void>();
  const patience = new Map<string, boolean | undefined>();
  const controller = new AbortController();
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    events,
    patience,
    abort: () => controller.abort(),
    async end(name: string, how: SuiteResult | Error = result(1)) {
      ends.get(name)!(how);
      await settle();
    },
    start: (list: Suite[]) =>
      runSuites(list, {
        signal: controller.signal,
        print: (text) => void events.push(...text.split("\n").filter(Boolean)),
        run: ({ name }, { show, patient }) => {
          events.push(`begins ${name}`);
          patience.set(name, patient);
          show(`${name} says\n`);
          return new Promise((resolve, reject) =>
            ends.set(name, (how) => (how instanceof Error ? reject(how) : resolve(how))),
          );
        },
      }),
    settle,
  };
}

describe("runSuites", () => {
  it("runs what may run beside others beside what follows, and shows its output whole and later", async () => {
    const { start, end, events, patience, settle } = stage();
    const running = start([suite("a"), suite("b", "slow"), suite("c", "slow"), suite("d"), suite("e")]);
    await settle();
    expect(events.splice(0)).toEqual(["[1/5] a ...", "begins a", "a says"]);
    await end("a", result(2));
    expect(events.splice(0)).toEqual([
      expect.stringMatching(/^\[1\/5\] a: 2 passed, 0 failed, [\d.]+ s$/),
      "[2/5] b runs beside what follows",
      "[3/5] c runs beside what follows",
      "[4/5] d ...",
      "begins d",
      "d says",
      "begins b",
    ]);
    await end("b", result(3, 1));
    expect(events.splice(0)).toEqual(["begins c"]);
    await end("d");
    expect(events.splice(0)).toEqual([
      expect.stringMatching(/^\[4\/5\] d: 1 passed/),
      "[2/5] b ...",
      "b says",
      expect.stringMatching(/^\[2\/5\] b: 3 passed, 1 failed/),
      "[5/5] e ...",
      "begins e",
      "e says",
    ]);
    await end("e");
    await end("c", result(7));
    expect(events.slice(-3)).toEqual(["[3/5] c ...", "c says", expect.stringMatching(/c: 7 passed/)]);
    // In the order of the suites, not of their ends.
    expect((await running).map(({ passed }) => passed)).toEqual([2, 3, 7, 1, 1]);
    expect(Object.fromEntries(patience)).toEqual({ a: false, b: true, c: true, d: false, e: false });
  });

  it("runs several lines side by side, and only the patient ones with what others leave", async () => {
    const { start, end, events, patience, settle } = stage();
    const running = start([suite("a", "slow"), suite("b", "other"), suite("c", "slow"), suite("d")]);
    await settle();
    expect(events.filter((event) => event.startsWith("begins"))).toEqual([
      "begins d",
      "begins a",
      "begins b",
    ]);
    await end("d");
    await end("b", result(5));
    await end("a", result(0, 4));
    await end("c");
    expect(await running).toMatchObject([{ failed: 4 }, { passed: 5 }, { passed: 1 }, { passed: 1 }]);
    expect(Object.fromEntries(patience)).toEqual({ a: true, b: false, c: true, d: false });
  });

  it("shows as they come, at full priority, suites that have nothing to run beside", async () => {
    const { start, end, events, patience, settle } = stage();
    const running = start([suite("b", "slow"), suite("c", "slow")]);
    await settle();
    expect(events).toEqual(["[1/2] b ...", "begins b", "b says"]);
    await end("b");
    await end("c");
    expect((await running).length).toBe(2);
    expect(patience.get("b")).toBe(false);
  });

  it("begins nothing after an abort, in neither line", async () => {
    const { start, end, abort, events, settle } = stage();
    const running = start([suite("b", "slow"), suite("c", "slow"), suite("d"), suite("e")]);
    await settle();
    abort();
    await end("d");
    await end("b");
    expect(await running).toEqual([]);
    expect(events.filter((event) => event.startsWith("begins"))).toEqual(["begins d", "begins b"]);
  });

  it("passes on that a suite beside others could not be run, after the others", async () => {
    const { start, end, events, settle } = stage();
    const refused = expect(start([suite("b", "slow"), suite("d")])).rejects.toThrow("no such program");
    await settle();
    await end("b", new Error("no such program"));
    await end("d");
    await refused;
    expect(events.at(-1)).toMatch(/^\[2\/2\] d: 1 passed/);
  });
});
