import { describe, expect, it } from "vitest";
import { afterReload, hasEnded, withIndexHead, type TrackedTransaction } from "./model.ts";
import { loadTransactions, saveTransactions } from "./store.ts";

const interrupted = { code: "WEB_INTERRUPTED", message: "m", hint: "h" };
const one = (change: Partial<TrackedTransaction>): TrackedTransaction => ({
  id: "a",
  label: "Stop sharing",
  href: "/me",
  startedAt: 1,
  state: "waiting",
  ...change,
});

function memory(text: string | null = null) {
  let kept = text;
  return {
    getItem: () => kept,
    setItem: (_key: string, value: string) => void (kept = value),
    removeItem: () => void (kept = null),
  };
}

describe("a tracked transaction", () => {
  it("that waited for the person failed when the page went away", () => {
    expect(afterReload(one({}), interrupted)).toMatchObject({ state: "failed", error: interrupted });
  });
  it.each(["sent", "confirmed", "shown", "rejected", "failed"] as const)(
    "that was %s stays so after a reload",
    (state) => {
      expect(afterReload(one({ state }), interrupted).state).toBe(state);
    },
  );
  it("shows once the index has read its block, and not before", () => {
    const confirmed = one({ state: "confirmed", block: 7 });
    expect(withIndexHead(confirmed, 6).state).toBe("confirmed");
    expect(withIndexHead(confirmed, null).state).toBe("confirmed");
    expect(withIndexHead(confirmed, 7).state).toBe("shown");
    expect(withIndexHead(one({ state: "sent" }), 9).state).toBe("sent");
  });
  it("has ended when shown, rejected or failed", () => {
    const states = ["waiting", "sent", "confirmed", "shown", "rejected", "failed"] as const;
    expect(states.filter((state) => hasEnded(one({ state })))).toEqual(["shown", "rejected", "failed"]);
  });
});

describe("what the browser keeps", () => {
  it("comes back as it was", () => {
    const store = memory();
    const list = [one({ state: "sent", hash: `0x${"ab".repeat(32)}` })];
    saveTransactions(store, "k", list);
    expect(loadTransactions(store, "k")).toEqual(list);
  });
  it.each([
    null,
    "",
    "{",
    "[1]",
    '[{"id":"a"}]',
    '[{"id":"a","label":"l","href":"/","startedAt":1,"state":"new"}]',
  ])("counts as nothing when it is %s", (text) => expect(loadTransactions(memory(text), "k")).toEqual([]));
});
