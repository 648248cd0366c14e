import { hashTypedData, recoverTypedDataAddress, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import type { Deployment } from "../chain/deployment.ts";
import { DUO } from "../generated/constants.ts";
import { attestationDigest, attestationOf, signAttestation } from "./attestation.ts";
import { signAttestationRevocation } from "./revoke-attestation.ts";
import { allowsCountry, countriesOf, countrySet } from "./countries.ts";
import { decodeEvidence, encodeEvidence } from "./evidence.ts";
import { evidenceNeeds } from "./evidence-needs.ts";
import { explainTerms } from "./explain-terms.ts";

const ZERO: Hex = `0x${"00".repeat(32)}`;
const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const committee = privateKeyToAccount(word(7));
const authority = "0x00000000000000000000000000000000000000da";
const deployment = { chainId: 31337, contracts: { DataUseAuthority: authority } } as unknown as Deployment;
const use = {
  buyer: "0x00000000000000000000000000000000000000b1",
  asset: 5n,
  uses: 2n,
  country: 276,
  disease: ZERO,
  project: word(9),
} as const;
const attestation = attestationOf(use, { kind: "IRB", issuer: committee.address, expiry: 99, salt: word(3) });

/** The typed data written out a second time, as a committee's wallet shows it. */
const TYPED = {
  domain: { name: "Salus DataUseAuthority", version: "1", chainId: 31337, verifyingContract: authority },
  types: {
    Attestation: [
      { name: "kind", type: "uint8" },
      { name: "issuer", type: "address" },
      { name: "buyer", type: "address" },
      { name: "dataset", type: "uint256" },
      { name: "uses", type: "uint128" },
      { name: "country", type: "uint16" },
      { name: "disease", type: "bytes32" },
      { name: "project", type: "bytes32" },
      { name: "expiry", type: "uint40" },
      { name: "salt", type: "bytes32" },
    ],
    AttestationRevocation: [
      { name: "issuer", type: "address" },
      { name: "attestation", type: "bytes32" },
    ],
  },
} as const;

describe("attestations", () => {
  it("are bound to kind, buyer, dataset, purpose and project, and signed as typed data", async () => {
    const { message, signature } = await signAttestation(deployment, attestation, committee);
    expect(message).toMatchObject({ kind: 11, buyer: use.buyer, dataset: 5n, uses: 2n, country: 276 });
    const typed = { ...TYPED, primaryType: "Attestation", message } as const;
    expect(await recoverTypedDataAddress({ ...typed, signature })).toBe(committee.address);
    expect(attestationDigest(deployment, attestation)).toBe(hashTypedData(typed));
  });

  it("are withdrawn by their issuer's signature over the digest", async () => {
    const revocation = { issuer: committee.address, attestation: word(4) };
    const { signature } = await signAttestationRevocation(deployment, revocation, committee);
    const typed = { ...TYPED, primaryType: "AttestationRevocation", message: revocation } as const;
    expect(await recoverTypedDataAddress({ ...typed, signature })).toBe(committee.address);
  });

  it("get a salt of their own", () => {
    const again = () => attestationOf(use, { kind: "IRB", issuer: committee.address, expiry: 99 });
    expect(again().salt).not.toBe(again().salt);
  });

  it("are refused for kinds that no term asks for", async () => {
    const bad = { ...attestation, kind: 12 };
    await expect(signAttestation(deployment, bad, committee)).rejects.toThrowError(/kind 12/);
  });
});

describe("evidence", () => {
  it("holds what the order does not say", async () => {
    const signed = await signAttestation(deployment, attestation, committee);
    const bytes = encodeEvidence({ attestations: [signed], descent: [word(1)] });
    expect(decodeEvidence(bytes)).toEqual({
      attestations: [
        { kind: 11, issuer: committee.address, expiry: 99, salt: word(3), signature: signed.signature },
      ],
      descent: [word(1)],
    });
  });

  it("is empty where there is none", () => {
    expect(encodeEvidence({})).toBe("0x");
    expect(decodeEvidence("0x")).toEqual({ attestations: [], descent: [] });
    expect(() => decodeEvidence("0x01")).toThrowError(/no evidence/);
  });
});

describe("what a purpose needs", () => {
  const terms = { duo: DUO.HMB | DUO.IRB | DUO.COL, disease: ZERO, dates: 0n, countries: 0n };
  const purpose = { uses: DUO.USE_HEALTH, disease: ZERO, country: 276 };
  const now = { shown: 0n, time: 1, until: 2 };
  const termsOf = (needs: ReturnType<typeof evidenceNeeds>) => needs.missing.map(({ term }) => term);

  it("names the evidence that is missing, and less as it comes", () => {
    expect(evidenceNeeds(terms, purpose, now).refusal).toBeUndefined();
    expect(termsOf(evidenceNeeds(terms, purpose, now))).toEqual([DUO.COL, DUO.IRB]);
    expect(termsOf(evidenceNeeds(terms, purpose, { ...now, shown: DUO.COL }))).toEqual([DUO.IRB]);
    expect(termsOf(evidenceNeeds(terms, purpose, { ...now, shown: DUO.COL | DUO.IRB }))).toEqual([]);
  });

  it("tells what no evidence helps against", () => {
    const ancestry = { ...purpose, uses: DUO.USE_ANCESTRY };
    expect(evidenceNeeds(terms, ancestry, now)).toEqual({ refusal: "OnlyHealthResearch", missing: [] });
    const here = { ...terms, duo: DUO.HMB | DUO.GS, countries: countrySet([40]) };
    expect(evidenceNeeds(here, purpose, now).refusal).toBe("CountryNotPermitted");
    expect(evidenceNeeds(here, { ...purpose, country: 40 }, now)).toEqual({
      refusal: undefined,
      missing: [],
    });
  });

  it("asks for a proof of descent for another disease than the terms'", () => {
    const diabetes = { ...terms, duo: DUO.DS, disease: word(1) };
    const other = { uses: DUO.USE_DISEASE, disease: word(2), country: 276 };
    expect(termsOf(evidenceNeeds(diabetes, other, now))).toEqual([DUO.DS]);
    expect(termsOf(evidenceNeeds(diabetes, { ...other, disease: word(1) }, now))).toEqual([]);
    expect(termsOf(evidenceNeeds(diabetes, other, { ...now, shown: DUO.DS }))).toEqual([]);
  });
});

describe("sets of countries", () => {
  it("have one bit a country, ascending by code", () => {
    // Afghanistan 4 is the first, Albania 8 the second, Germany 276 the 84th, Zambia 894 the last of 249.
    expect(countrySet([4, 8])).toBe(3n);
    expect(countrySet([276])).toBe(1n << 83n);
    expect(countrySet([894])).toBe(1n << 248n);
    expect(countriesOf(countrySet([894, 4, 276]))).toEqual([4, 276, 894]);
  });

  it("hold no country outside the standard", () => {
    expect(allowsCountry(2n ** 256n - 1n, 277)).toBe(false);
    expect(allowsCountry(2n ** 256n - 1n, 276)).toBe(true);
    expect(() => countrySet([277])).toThrowError(/277/);
  });
});

describe("terms in plain words", () => {
  it("has a sentence for every term, with its dates and countries", () => {
    const all = { duo: DUO.KNOWN_TERMS, dates: (1_800_000_000n << 40n) | 1_900_000_000n, countries: 3n };
    const words = explainTerms(all, { country: (code) => `#${code}` });
    expect(words.reduce((sum, { bit }) => sum | bit, 0n)).toBe(DUO.KNOWN_TERMS);
    expect(words.length).toBe(24);
    const textOf = (bit: bigint) => words.find((one) => one.bit === bit)!.text;
    expect(textOf(DUO.MOR)).toContain("2027-01-15");
    expect(textOf(DUO.TS)).toContain("2030-03-17");
    expect(textOf(DUO.GS)).toContain("#4, #8");
    expect(words.filter(({ duo }) => duo === null).map(({ bit }) => bit)).toEqual([DUO.NO_REIDENTIFICATION]);
  });
});
