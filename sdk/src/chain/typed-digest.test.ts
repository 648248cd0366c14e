import { hashTypedData, type Hex, InvalidAddressError } from "viem";
import { describe, expect, it } from "vitest";
import { REQUEST_TYPES, requestDomain } from "../gateway/requests.ts";
import { EIP712_TYPES } from "../generated/eip712.ts";
import { PROMISE_TYPES } from "../log/promise.ts";
import { typedDigest, type Typed } from "./typed-digest.ts";

const CONTRACT = "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC";
const ALL = { ...EIP712_TYPES, ...REQUEST_TYPES, ...PROMISE_TYPES };

/** A value of a Solidity type, another one for each seed. */
function valueOf(type: string, seed: number): unknown {
  if (type === "string") return `/v1/${"é".repeat(seed % 70)}`;
  if (type === "address") return `0x${(seed + 17).toString(16).padStart(40, "a")}`;
  if (type === "bytes32") return `0x${(seed + 3).toString(16).padStart(64, "f")}`;
  const bits = Number(type.slice(4));
  const most = (1n << BigInt(bits)) - 1n;
  const value = seed % 3 === 0 ? most : BigInt(seed) % (most + 1n);
  return bits <= 48 ? Number(value) : value;
}

const messageOf = (fields: readonly { name: string; type: string }[], seed: number) =>
  Object.fromEntries(fields.map(({ name, type }, i) => [name, valueOf(type, seed + i)]));

describe("digests of typed data", () => {
  it("has the example of EIP-712, which has a struct in a struct", () => {
    const typed = {
      domain: { name: "Ether Mail", version: "1", chainId: 1, verifyingContract: CONTRACT as Hex },
      types: {
        Person: [
          { name: "name", type: "string" },
          { name: "wallet", type: "address" },
        ],
        Mail: [
          { name: "from", type: "Person" },
          { name: "to", type: "Person" },
          { name: "contents", type: "string" },
        ],
      },
      primaryType: "Mail",
      message: {
        from: { name: "Cow", wallet: "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
        to: { name: "Bob", wallet: "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
        contents: "Hello, Bob!",
      },
    };
    // https://eips.ethereum.org/EIPS/eip-712, Example.js
    expect(typedDigest(typed)).toBe("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
  });

  it.each(Object.keys(ALL))("are those of viem for %s", (primaryType) => {
    const fields = ALL[primaryType as keyof typeof ALL];
    for (const seed of [0, 1, 2, 1000]) {
      for (const chainId of [1, 31_337]) {
        const typed: Typed = {
          domain: { ...requestDomain(chainId, CONTRACT), name: `Salus ${seed}` },
          types: { [primaryType]: fields },
          primaryType,
          message: messageOf(fields, seed),
        };
        expect(typedDigest(typed)).toBe(hashTypedData(typed as never));
      }
    }
  });

  it("tell apart each member, type and domain", () => {
    const fields = REQUEST_TYPES.Request;
    const domain = requestDomain(1, CONTRACT);
    const typed = {
      domain,
      types: { Request: fields },
      primaryType: "Request",
      message: messageOf(fields, 5),
    };
    const others: Typed[] = [
      ...fields.map(({ name, type }) => ({
        ...typed,
        message: { ...typed.message, [name]: valueOf(type, 500) },
      })),
      { ...typed, domain: requestDomain(2, CONTRACT) },
      { ...typed, domain: requestDomain(1, `0x${"11".repeat(20)}`) },
      { ...typed, domain: { ...domain, version: "2" } },
      { ...typed, domain: { ...domain, name: "Salus" } },
      { ...typed, primaryType: "Other", types: { Other: fields } },
    ];
    const digests = [typed, ...others].map(typedDigest);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("refuse what a member cannot hold, and an address with a wrong checksum", () => {
    const fields = REQUEST_TYPES.Request;
    const typed = {
      domain: requestDomain(1, CONTRACT),
      types: { Request: fields },
      primaryType: "Request",
      message: messageOf(fields, 5),
    };
    const withMember = (name: string, value: unknown) => () =>
      typedDigest({ ...typed, message: { ...typed.message, [name]: value } });
    expect(withMember("gateway", 65_536)).toThrow(/uint16/);
    expect(withMember("gateway", -1)).toThrow(/uint16/);
    expect(withMember("body", "0x12")).toThrow(/64 hexadecimal/);
    expect(withMember("nonce", undefined)).toThrow(/64 hexadecimal/);
    expect(withMember("signer", CONTRACT.replace("Cc", "cc"))).toThrow(InvalidAddressError);
  });
});
