import type { Hex } from "viem";
import { describe, expect, it } from "vitest";
import type { AccessLogEntry } from "../gateway/types.ts";
import { LogDouble, NOW, pathIn, rootOfList } from "./audit.fixture.ts";
import { logState, proveEntries, untoldOrders } from "./audit-history.ts";
import { commitEntry } from "./entry.ts";

const SUBJECT = "0x00000000000000000000000000000000000000aA";
const salt = (i: number): Hex => `0x${i.toString(16).padStart(64, "0")}`;
const order = (i: number): Hex => `0x${i.toString(16).padStart(64, "a")}`;

const told = Array.from({ length: 9 }, (_, index): AccessLogEntry => ({
  at: NOW - 1_000 + index,
  order: order(index),
  action: "job",
  uses: "2",
  kind: 1,
  decision: "permitted",
  reason: "PERMITTED",
  gateway: 4,
  index,
  salt: salt(index),
}));

/** The log that commits to what is told. */
const list = told.map(({ at, action, order, kind, reason, uses, salt }) =>
  commitEntry(salt, { at, action, order, kind, reason, uses: BigInt(uses), dataset: 7n, subject: SUBJECT }),
);
const checkpoint = { size: 6, root: rootOfList(list.slice(0, 6)) };
const basis = { dataset: 7n, subject: SUBJECT, checkpoint, now: NOW } as const;
const proven = told.map((entry) =>
  entry.index < 6 ? { ...entry, proof: pathIn(list, entry.index, 6) } : entry,
);

describe("a subject's access history", () => {
  it("is proven as far as the checkpoint reaches, and pending behind it", () => {
    const states = proveEntries(proven, basis).map(({ state }) => state);
    expect(states).toEqual([...Array(6).fill("proven"), ...Array(3).fill("pending")]);
    expect(proveEntries(proven, { ...basis, checkpoint: undefined })[0]!.state).toBe("pending");
  });

  it("is missing where anything that was told is not what the log committed to", () => {
    const changes: Partial<AccessLogEntry>[] = [
      { reason: "GATEWAY_CONSENT_REVOKED" },
      { at: NOW },
      { uses: "4" },
      { order: order(77) },
      { salt: salt(78) },
      { action: "share" },
      { kind: 2 },
      { index: 3 },
      { proof: [] },
    ];
    for (const change of changes)
      expect(proveEntries([{ ...proven[2]!, ...change }], basis)[0]!.state).toBe("missing");
    const { proof: _, ...unproven } = proven[2]!;
    expect(proveEntries([unproven], basis)[0]!.state).toBe("missing");
  });

  it("is another subject's or dataset's for nobody", () => {
    expect(proveEntries(proven, { ...basis, dataset: 8n })[0]!.state).toBe("missing");
    const stranger = { ...basis, subject: "0x00000000000000000000000000000000000000bb" } as const;
    expect(proveEntries(proven, stranger)[0]!.state).toBe("missing");
    expect(proveEntries(proven, { ...basis, subject: SUBJECT.toLowerCase() as Hex })[0]!.state).toBe(
      "proven",
    );
  });

  it("that no checkpoint ever covered is missing after a day", () => {
    const day = told[8]!.at + 86_400;
    expect(proveEntries([told[8]!], { ...basis, now: day })[0]!.state).toBe("pending");
    expect(proveEntries([told[8]!], { ...basis, now: day + 1 })[0]!.state).toBe("missing");
  });

  it("names the orders on which the gateway tells nothing", () => {
    const shouted = told[0]!.order.toUpperCase().replace("0X", "0x") as Hex;
    expect(untoldOrders(told, [shouted, order(200)])).toEqual([order(200)]);
  });
});

describe("the log that a history is told from", () => {
  const at = (size: number) => ({ size, root: rootOfList(list.slice(0, size)) });

  it("is sound when it is the checkpoint's, or continues it", async () => {
    const { target } = new LogDouble(list);
    for (const size of [6, 7, 9]) expect(await logState(target, checkpoint, at(size))).toBe("sound");
  });

  it("is shrunk when it is shorter than the chain knows", async () => {
    expect(await logState(new LogDouble(list.slice(0, 5)).target, checkpoint, at(5))).toBe("shrunk");
  });

  it("is forked when it is another one, or has no proof", async () => {
    const other = [list[1]!, ...list.slice(1)];
    const forked = { size: 9, root: rootOfList(other) };
    expect(await logState(new LogDouble(other).target, checkpoint, forked)).toBe("forked");
    expect(await logState(new LogDouble(list).target, checkpoint, { ...at(6), root: forked.root })).toBe(
      "forked",
    );
    expect(await logState(new LogDouble(list.slice(0, 7)).target, checkpoint, at(9))).toBe("forked");
  });

  it("is not judged while the gateway is away", async () => {
    const log = new LogDouble(list);
    log.down = true;
    await expect(logState(log.target, checkpoint, at(9))).rejects.toMatchObject({
      code: "GATEWAY_UNREACHABLE",
    });
  });
});
