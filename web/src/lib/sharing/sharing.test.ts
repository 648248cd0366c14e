import type { ProvenEntry } from "@salus/sdk/log/audit-history";
import type { DatasetConsentChangesQuery, DatasetUseQuery } from "@salus/sdk/generated/queries";
import { describe, expect, it } from "vitest";
import type { Sharing } from "#lib/data/sharing.ts";
import { WebError } from "#lib/errors.ts";
import { lastOf } from "./last-word.ts";
import { inPlainWords } from "./plain-error.ts";
import { partOf, standingOf } from "./standing.ts";
import { expectedOrders, keeperLists, personalUses, type Told, untoldUses } from "./uses.ts";

const ME = "0x00000000000000000000000000000000000000aA";
const OTHER = "0x00000000000000000000000000000000000000bb";
const leaf = {
  subject: ME as `0x${string}`,
  purposes: 6n,
  modes: 5,
  expiry: 2_000,
  basis: 1,
  weight: 2,
  originVersion: 1,
  evidence: "0x00",
} as const;
const slot = { purposes: 2n, modes: 1, expiry: 3_000, nonce: 1, changedAt: 7 };

describe("what a person allows", () => {
  it("is what the hospital collected while they never spoke themselves", () => {
    const standing = { active: true, purposes: 6n, modes: 5n, expiry: 2_000, basis: "custodian-attested" };
    expect(standingOf(leaf, null, 1_000)).toEqual(standing);
    expect(standingOf({ ...leaf, basis: 0 }, null, 1_000).basis).toBe("subject-signed");
  });
  it("is their own word alone afterwards, even when it allows less", () => {
    const standing = { active: true, purposes: 2n, modes: 1n, expiry: 3_000, basis: "slot" };
    expect(standingOf(leaf, slot, 1_000)).toEqual(standing);
    expect(standingOf(leaf, { ...slot, purposes: 0n, modes: 0 }, 1_000).active).toBe(false);
  });
  it("ends at its date", () => {
    expect(standingOf(leaf, null, 1_999).active).toBe(true);
    expect(standingOf(leaf, null, 2_000).active).toBe(false);
  });
});

describe("a person's word among everybody's", () => {
  type Change = DatasetConsentChangesQuery["consentChanges"][number];
  const change = (subject: string, nonce: string, block: string): Change =>
    ({ subject, nonce, block, purposes: "2", expiry: "3000", modes: 1, granted: true }) as Change;

  it("is the last one that is theirs, however the address is written", () => {
    const changes = [change(ME.toLowerCase(), "1", "5"), change(ME, "2", "9"), change(OTHER, "1", "11")];
    expect(lastOf(changes, ME)).toEqual({ purposes: 2n, expiry: 3_000, modes: 1, nonce: 2, changedAt: 9 });
  });
  it("is none when they never spoke", () => expect(lastOf([change(OTHER, "1", "5")], ME)).toBeNull());
});

describe("an estimate", () => {
  it("is the part by weight, rounded down", () => {
    expect(partOf(28_000_000n, 1, 100n)).toBe(280_000n);
    expect(partOf(10n, 2, 3n)).toBe(6n);
    expect(partOf(10n, 2, 0n)).toBe(0n);
  });
});

const CUSTODIAN = { name: "st-anna", number: 1 };
const LAKESIDE = { name: "lakeside", number: 2 };

/** What a keeper told, of a log that is sound unless something else is said. */
const told = (
  entries: ProvenEntry[],
  change: Partial<Told["history"] & object> = {},
  keeper = CUSTODIAN,
): Told => ({
  keeper,
  history: { entries, log: "sound", untold: [], ...change },
});

describe("who used a record", () => {
  const sharing = {
    dataset: "0x01",
    title: "Cohort",
    gateway: CUSTODIAN,
    weight: 2,
    currency: { symbol: "USD", decimals: 6 },
  } as unknown as Sharing;
  const entry = (order: string, index: number, change: Partial<ProvenEntry>): ProvenEntry => ({
    at: index,
    order: order as `0x${string}`,
    action: "job",
    uses: "2",
    kind: 1,
    gateway: 1,
    index,
    decision: "permitted",
    reason: "PERMITTED",
    salt: "0x00",
    state: "proven",
    ...change,
  });
  const receipt = (order: string) =>
    ({
      id: order,
      cohort: "91",
      totalWeight: "200",
      order: { settlement: { pot: "1000" } },
    }) as unknown as DatasetUseQuery["receipts"][number];

  it("says with how many others and what it brought, once there is a receipt", () => {
    const [use] = personalUses(sharing, [told([entry("0xA1", 1, {})])], [receipt("0xa1")]);
    expect(use).toMatchObject({ used: true, refused: null, cohort: 91, estimate: 10n, kind: "Analysis" });
    const [running] = personalUses(sharing, [told([entry("0xA1", 1, {})])], []);
    expect(running).toMatchObject({ used: true, cohort: null, estimate: 0n });
  });

  it("says why a record was left out, and that it brought nothing", () => {
    const refused = { decision: "refused", reason: "GATEWAY_CONSENT_REVOKED" } as const;
    const [use] = personalUses(sharing, [told([entry("0xa1", 1, refused)])], [receipt("0xa1")]);
    expect(use).toMatchObject({ used: false, refused: "You had stopped sharing.", estimate: 0n });
    const [unknown] = personalUses(sharing, [told([entry("0xa1", 1, { ...refused, reason: "X" })])], []);
    expect(unknown?.refused).toBe("A rule did not allow it.");
  });

  it("goes by the latest decision on an order; steps on the way do not count", () => {
    const entries = [
      entry("0xa1", 9, { action: "share", decision: "refused", reason: "GATEWAY_CONSENT_REVOKED" }),
      entry("0xa1", 5, { action: "download", decision: "refused", reason: "GATEWAY_CONSENT_REVOKED" }),
      entry("0xa1", 3, { action: "receipt" }),
      entry("0xb2", 8, {}),
    ];
    const uses = personalUses(sharing, [told(entries)], []);
    expect(uses.map(({ order, used }) => [order, used])).toEqual([
      ["0xb2", true],
      ["0xa1", false],
    ]);
  });
});

describe("the proof of a use", () => {
  const sharing = {
    dataset: "0x01",
    title: "Cohort",
    custodian: "St. Anna",
    gateway: CUSTODIAN,
    sinceVersion: 2,
  } as unknown as Sharing;
  const entry = (order: string, action: string, state: ProvenEntry["state"]): ProvenEntry =>
    ({ order, action, state, index: 1, decision: "permitted", uses: "2" }) as unknown as ProvenEntry;
  const receipt = (id: string, version: number, timestamp = 1, signers = [1]) =>
    ({
      id,
      timestamp: String(timestamp),
      signers: signers.map((number) => ({ number })),
      order: { version: { number: version } },
    }) as unknown as DatasetUseQuery["receipts"][number];

  it("is that of its worst line, whatever step it belongs to", () => {
    const proofOf = (...states: ProvenEntry["state"][]) =>
      personalUses(
        sharing,
        [told([entry("0xa1", "job", "proven"), ...states.map((s) => entry("0xa1", "share", s))])],
        [],
      )[0]!.proof;
    expect(proofOf()).toBe("proven");
    expect(proofOf("pending")).toBe("pending");
    expect(proofOf("missing", "pending")).toBe("missing");
  });

  it("is asked of the custodian for every order on a version that held the record", () => {
    const receipts = [receipt("0xa1", 1), receipt("0xb2", 2), receipt("0xc3", 3)];
    expect(expectedOrders(sharing, CUSTODIAN, receipts)).toEqual(["0xb2", "0xc3"]);
  });

  it("is asked of another keeper for the orders whose receipt it signed", () => {
    const receipts = [
      receipt("0xa1", 1, 1, [1, 2]),
      receipt("0xb2", 2, 1, [1, 2]),
      receipt("0xc3", 3, 1, [1, 3]),
    ];
    expect(expectedOrders(sharing, LAKESIDE, receipts)).toEqual(["0xb2"]);
  });

  it("is missed where a keeper tells nothing of what the public record shows", () => {
    const receipts = [receipt("0xa1", 2, 10), receipt("0xb2", 2, 20), receipt("0xc3", 2, 30)];
    const lists = [
      told([], { untold: ["0xa1", "0xc3"] }),
      told([], { untold: ["0xb2"] }, LAKESIDE),
      { keeper: { name: "north", number: 3 }, history: null },
    ];
    expect(untoldUses(sharing, lists, receipts)).toEqual([
      { order: "0xc3", datasetTitle: "Cohort", keeper: "St. Anna", at: 30 },
      { order: "0xb2", datasetTitle: "Cohort", keeper: "Lakeside", at: 20 },
      { order: "0xa1", datasetTitle: "Cohort", keeper: "St. Anna", at: 10 },
    ]);
  });

  it("is missed where the custodian hides an order that another keeper was asked to help with", () => {
    const witness = { ...entry("0xd4", "share", "proven"), at: 40 };
    const lists = [told([entry("0xa1", "job", "proven")]), told([witness], {}, LAKESIDE)];
    expect(untoldUses(sharing, lists, [])).toEqual([
      { order: "0xd4", datasetTitle: "Cohort", keeper: "St. Anna", at: 40 },
    ]);
    const uses = personalUses(sharing, lists, []);
    expect(uses.map(({ order }) => order).sort()).toEqual(["0xa1", "0xd4"]);
  });

  it("says nothing of what a full answer leaves out", () => {
    const full = Array.from({ length: 1000 }, () => entry("0xa1", "job", "proven"));
    expect(untoldUses(sharing, [told(full, { untold: ["0xb2"] })], [receipt("0xb2", 2)])).toEqual([]);
  });

  it("goes by the custodian's word where it has one, and by another keeper's where it has none", () => {
    const refused = { ...entry("0xa1", "cosign", "proven"), decision: "refused", index: 9 } as ProvenEntry;
    const lists = [told([refused], {}, LAKESIDE), told([entry("0xa1", "receipt", "proven")])];
    expect(personalUses(sharing, lists, [])[0]!.used).toBe(true);
    expect(personalUses(sharing, [lists[0]!], [])[0]!.used).toBe(false);
  });

  it("of a whole list says what is wrong with it, the worst first", () => {
    const lines = (...states: ProvenEntry["state"][]) =>
      states.map((state, i) => entry(`0xa${i}`, "job", state));
    const stateOf = (one: Told, untold: Parameters<typeof keeperLists>[2] = []) =>
      keeperLists(sharing, [one], untold)[0]!;
    expect(stateOf(told(lines("proven", "proven")))).toEqual({
      keeper: "St. Anna",
      dataset: "0x01",
      datasetTitle: "Cohort",
      lines: 2,
      state: "proven",
    });
    expect(stateOf(told(lines("proven", "pending"))).state).toBe("pending");
    expect(stateOf(told(lines("missing", "pending"))).state).toBe("incomplete");
    const hidden = { order: "0xb2", datasetTitle: "Cohort", keeper: "St. Anna", at: 1 } as const;
    expect(stateOf(told(lines("proven")), [hidden]).state).toBe("incomplete");
    expect(stateOf(told(lines("missing"), { log: "shrunk" })).state).toBe("shrunk");
    expect(stateOf(told(lines("missing"), { log: "forked" })).state).toBe("forked");
    expect(stateOf({ keeper: CUSTODIAN, history: null })).toMatchObject({ state: "away", lines: 0 });
  });
});

describe("an error for a patient", () => {
  it("of another part becomes one plain sentence with the rest as detail", async () => {
    const thrown = {
      code: "GATEWAY_X",
      message: "The nonce of the signature is wrong.",
      hint: "Sign again.",
    };
    const error = await inPlainWords(() => Promise.reject(thrown)).catch((caught: WebError) => caught);
    expect(error).toMatchObject({
      code: "WEB_SHARING_FAILED",
      detail: "GATEWAY_X: The nonce of the signature is wrong.",
    });
    expect(`${(error as WebError).message} ${(error as WebError).hint}`).not.toMatch(
      /nonce|sign|hash|token|gas|wallet/i,
    );
  });
  it("of the web app stays", async () => {
    const own = new WebError("WEB_CHOICE_CHANGED");
    await expect(inPlainWords(() => Promise.reject(own))).rejects.toBe(own);
  });
});
