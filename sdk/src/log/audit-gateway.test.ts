import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { toHex } from "../crypto/bytes.ts";
import { chainWith, LogDouble, NOW, rootOfList } from "./audit.fixture.ts";
import { auditGateway, type AuditOptions } from "./audit-gateway.ts";
import { entries } from "./oracle.fixture.ts";

const list = entries(23);
const other = Buffer.from("something else");
/** Checkpoints of the honest list. */
const at = (...sizes: number[]) => sizes.map((size) => ({ size, root: rootOfList(list.slice(0, size)) }));

async function kindsOf(
  gateway: LogDouble,
  checkpoints = at(4, 11, 17),
  options: AuditOptions = { entries: true },
) {
  const { findings, ok } = await auditGateway(chainWith(checkpoints), gateway.target, options);
  expect(ok).toBe(findings.length === 0);
  return findings.map(({ kind }) => kind);
}

describe("an audit of a gateway's log", () => {
  it("finds nothing at an honest one, with checkpoints or before the first", async () => {
    expect(await kindsOf(new LogDouble(list))).toEqual([]);
    expect(await kindsOf(new LogDouble(list), [])).toEqual([]);
    expect(await kindsOf(new LogDouble([]), [])).toEqual([]);
    expect(await kindsOf(new LogDouble(list.slice(0, 17)))).toEqual([]);
  });

  it("finds a log that shrank", async () => {
    expect(await kindsOf(new LogDouble(list.slice(0, 16)), at(4, 17), {})).toEqual(["shrunk"]);
  });

  it("finds a log that was rewritten at its end, and one that was rewritten as a whole", async () => {
    expect(
      await kindsOf(new LogDouble([...list.slice(0, 16), other, ...list.slice(17)]), at(17), {}),
    ).toEqual(["forked"]);
    expect(await kindsOf(new LogDouble(entries(30).reverse()), at(17), {})).toEqual(["forked"]);
  });

  it("finds an entry that was changed or taken out, and between which checkpoints", async () => {
    const changed = new LogDouble(list.map((data, i) => (i === 6 ? other : data)));
    const { findings } = await auditGateway(chainWith(at(4, 11, 17)), changed.target, { entries: true });
    expect(findings.find(({ kind }) => kind === "changed")).toMatchObject({
      details: { from: 4, to: 11 },
      message: "Entries 4 to 10 are not those that the chain's checkpoints cover.",
    });
    const removed = new LogDouble(list.filter((_, i) => i !== 12));
    const second = await auditGateway(chainWith(at(4, 11, 17)), removed.target, { entries: true });
    expect(second.findings.map(({ kind }) => kind)).toEqual(["forked", "changed"]);
    expect(second.findings[1]).toMatchObject({ details: { from: 11, to: 17 } });
  });

  it("finds that the gateway signed another log of a size that the chain knows", async () => {
    const gateway = new LogDouble(list);
    await gateway.signCheckpoint(17, rootOfList(entries(17).reverse()));
    expect(await kindsOf(gateway)).toEqual(["forked"]);
    await gateway.signCheckpoint(17, rootOfList(list.slice(0, 17)));
    expect(await kindsOf(gateway)).toEqual([]);
  });

  it("says of a gateway that does not answer that it proved nothing", async () => {
    const gateway = new LogDouble(list);
    gateway.down = true;
    expect(await kindsOf(gateway)).toEqual(["unproven", "unproven", "unproven"]);
  });
});

describe("a promise", () => {
  const gatewayOf = (size: number) => new LogDouble(list.slice(0, size));

  it("is kept once a checkpoint extends the log that it was given over", async () => {
    const promises = [await gatewayOf(9).promise(NOW + 5), await gatewayOf(17).promise(NOW - 5)];
    const audit = await auditGateway(chainWith(at(4, 17)), new LogDouble(list).target, { promises });
    expect(audit).toMatchObject({ ok: true, kept: promises, pending: [] });
  });

  it("waits for its deadline, and is an omission after it", async () => {
    const waiting = await gatewayOf(20).promise(NOW);
    const late = await gatewayOf(20).promise(NOW - 1);
    const audit = await auditGateway(chainWith(at(4, 17)), new LogDouble(list).target, {
      promises: [waiting, late],
    });
    expect(audit.pending).toEqual([waiting]);
    expect(audit.findings.map(({ kind, message }) => [kind, message])).toEqual([
      ["omitted", "Entries up to 20 were promised; the chain knows 17 after the deadline."],
    ]);
  });

  it("over entries that the log on chain does not hold is an omission, whatever the gateway answers", async () => {
    const shown = new LogDouble([...list.slice(0, 9), other]);
    const promises = [await shown.promise(NOW + 100)];
    expect(await kindsOf(new LogDouble(list), at(4, 17), { promises })).toEqual(["omitted"]);
  });

  it("of somebody else is not held against the gateway", async () => {
    const stranger = privateKeyToAccount(toHex(new Uint8Array(32).fill(9)));
    const promises = [await gatewayOf(9).promise(NOW, stranger)];
    expect(await kindsOf(new LogDouble(list), at(17), { promises })).toEqual(["foreign"]);
    const own = await gatewayOf(9).promise(NOW);
    const altered = { ...own, promise: { ...own.promise, size: 400 } };
    expect(await kindsOf(new LogDouble(list), at(17), { promises: [altered] })).toEqual(["foreign"]);
  });
});
