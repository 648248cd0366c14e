import type { DatasetsQuery, OrderQuery, ProposalsQuery } from "@salus/sdk/generated/queries";
import { describe, expect, it } from "vitest";
import { currencyByNumber, currencyOf } from "#lib/config.ts";
import { datasetSummary } from "./dataset-summary.ts";
import { filterFrom } from "./datasets.ts";
import { stateByEvents } from "./governance.ts";
import { orderDetail, type Parents } from "./order-views.ts";

const USD = { symbol: "USD", decimals: 6 };
const config = { currencies: { "0xaa": USD } };
const id = `0x${"12".repeat(32)}` as const;
const custodian = { id: "0x01", number: 2, name: "north-clinic", url: "", operator: "0x", status: "Active" };

describe("a dataset of the index", () => {
  const asset = {
    id,
    descriptor: null,
    custodian,
    recordCount: "100",
    versionCount: 3,
    price: "40000000",
    token: { id: "0xAA" },
    duo: "4194308",
    countries: "0",
    moratoriumEnds: "0",
    useEnds: "0",
    modes: 5,
    status: "Listed",
  } as unknown as DatasetsQuery["assets"][number];

  it("shows without its description while that was not found", () => {
    expect(datasetSummary(asset, config)).toMatchObject({
      title: "Dataset 0x121212…1212",
      custodian: "North Clinic",
      conditions: [],
      records: 100,
      price: 40_000_000n,
      currency: USD,
      duo: 4_194_308n,
      modes: 5n,
      open: true,
      gateway: { name: "north-clinic", number: 2 },
    });
  });
  it("names conditions and their keeper from its description", () => {
    const descriptor = { title: "Cohort", publisher: "North Clinic AS", conditionCodes: ["E11.9", "Z99.9"] };
    const summary = datasetSummary({ ...asset, descriptor, status: "Delisted" } as never, config);
    expect(summary).toMatchObject({ title: "Cohort", custodian: "North Clinic AS", open: false });
    expect(summary.conditions).toEqual([
      { code: "E11.9", name: "Type 2 diabetes" },
      { code: "Z99.9", name: "Z99.9" },
    ]);
  });
});

describe("amounts of a token that this site does not know", () => {
  it("are written in its smallest unit", () => {
    expect(currencyOf(config, "0xbbbbbbbbbb")).toEqual({ symbol: "units of 0xbbbbbb…", decimals: 0 });
    expect([currencyByNumber(config, 1), currencyByNumber(config, 2).decimals]).toEqual([USD, 0]);
  });
});

describe("an order of the index", () => {
  const order = {
    id,
    kind: "Analysis",
    state: "Settled",
    price: "40",
    fee: "1",
    fundedAt: "5",
    buyer: "0xbb",
    uses: "2",
    asset: { id, kind: "Dataset", descriptor: { title: "Cohort" } },
    token: { id: "0xaa" },
    version: { number: 1 },
    custodian,
    deliverBy: "60",
    reportWindow: "45",
    transitions: [],
    report: null,
    refund: null,
    receipt: {
      timestamp: "10",
      signers: [{ name: "st-anna" }],
      attestation: 1,
      cohort: "9",
      privacyCost: "5",
    },
    settlement: { pot: "28", custodian: "8", curator: "4", fee: "1", refund: "0" },
  } as unknown as NonNullable<OrderQuery["order"]>;
  const labels = (kind: string, parents: Parents) =>
    orderDetail({ ...order, kind } as typeof order, config, parents).split?.map(({ label, amount }) => [
      label,
      amount,
    ]);

  it("says who got what; a part of nothing is left out", () => {
    expect(labels("Analysis", [])).toEqual([
      ["People whose records were used", 28n],
      ["Institution that keeps the records", 8n],
      ["Owner of the dataset", 4n],
      ["The commons (protocol fee)", 1n],
    ]);
  });
  it("divides a model's pot among its parents by their shares", () => {
    const parent = (title: string, shareBps: number) =>
      ({ shareBps, parent: { kind: "Dataset", id, descriptor: { title } } }) as unknown as Parents[number];
    expect(labels("ModelUse", [parent("A", 3_000), parent("B", 1_000)])?.slice(0, 2)).toEqual([
      ["People whose records taught it (A)", 21n],
      ["People whose records taught it (B)", 7n],
    ]);
  });
  it("names the deadline of a download's report from its delivery on", () => {
    expect(orderDetail(order, config, []).reportBy).toBeNull();
    expect(orderDetail({ ...order, kind: "Download" }, config, []).reportBy).toBe(55);
    expect(orderDetail({ ...order, kind: "Download", receipt: null }, config, []).reportBy).toBeNull();
  });
});

describe("a proposal's state by events and clock", () => {
  const proposal = (change: object) =>
    ({
      state: "Proposed",
      voteStart: "10",
      voteEnd: "20",
      forVotes: "2",
      againstVotes: "1",
      ...change,
    }) as ProposalsQuery["proposals"][number];
  it.each([
    [10, "Pending"],
    [11, "Active"],
    [20, "Active"],
    [21, "Succeeded"],
  ])("at %d is %s", (now, state) => expect(stateByEvents(proposal({}), now)).toBe(state));
  it("is defeated without a majority, and what an event said otherwise", () => {
    expect(stateByEvents(proposal({ forVotes: "1" }), 21)).toBe("Defeated");
    expect(stateByEvents(proposal({ state: "Executed" }), 0)).toBe("Executed");
  });
});

describe("a search", () => {
  it("is read from the page's address, cut to a bounded length", () => {
    const filter = filterFrom(new URLSearchParams({ condition: ` ${"x".repeat(300)}`, price: "50" }));
    expect(filter).toEqual({ condition: "x".repeat(200), purpose: "", maxPrice: "50" });
  });
});
