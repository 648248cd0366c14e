import { MODES } from "@salus/sdk/generated/constants";
import { describe, expect, it } from "vitest";
import { checkInputs, examplePatient } from "./inputs.ts";
import { publicationOf } from "./publication.ts";

const INPUTS = [
  { name: "hba1c", label: "Haemoglobin A1c", unit: "%", lower: 4, upper: 14 },
  { name: "birth-year", label: "Birth year", unit: "a", lower: 1930, upper: 2010 },
  { name: "female", label: "Female", unit: "1", lower: 0, upper: 1 },
];

describe("values for a model", () => {
  it("are numbers within what the model was taught on", () => {
    const typed = { hba1c: " 7.5 ", "birth-year": "1930", female: "1" };
    expect(checkInputs(INPUTS, typed)).toEqual({
      values: { hba1c: 7.5, "birth-year": 1930, female: 1 },
      errors: {},
    });
  });
  it("are refused one by one otherwise", () => {
    expect(checkInputs(INPUTS, { hba1c: "14.1", "birth-year": "nineteen" })).toEqual({
      values: null,
      errors: {
        hba1c: "Write a number from 4 to 14.",
        "birth-year": "Write a number.",
        female: "Write a number.",
      },
    });
  });
  it.each([0, 0.5, 0.999])("of a made-up patient are ones that the form accepts (%d)", (random) => {
    expect(
      checkInputs(
        INPUTS,
        examplePatient(INPUTS, () => random),
      ).errors,
    ).toEqual({});
  });
});

describe("a publication", () => {
  const digest = (digit: string) => `0x${digit.repeat(64)}` as const;
  const facts = {
    salt: digest("1"),
    price: 10_000_000n,
    parentBps: 2_000,
    token: 1,
    gatewaySet: 1,
    custodian: 2,
    dataset: 7n,
    contributorsRoot: digest("2"),
    file: digest("3"),
    descriptor: digest("4"),
    agreement: digest("5"),
  };

  it("divides the whole price among developer, host and the people, as the registry demands", () => {
    const { listing, parents } = publicationOf(facts);
    expect([listing.custodianBps, listing.curatorBps, parents[0]!.shareBps]).toEqual([1_000, 7_000, 2_000]);
  });
  it("is a model whose file and lineage are those of the training", () => {
    const { listing, version, parents } = publicationOf(facts);
    expect(listing).toMatchObject({ modes: MODES.MODEL_USE, population: 0, privacyCap: 0n, custodian: 2 });
    expect(version).toMatchObject({ contentRoot: digest("3"), descriptor: digest("4"), count: 0 });
    expect(parents).toEqual([{ asset: 7n, contributorsRoot: digest("2"), shareBps: 2_000 }]);
  });
});
