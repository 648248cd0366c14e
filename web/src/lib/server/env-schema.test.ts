import { describe, expect, it } from "vitest";
import { chainId, gateways, httpUrl, optionalOrigin } from "./env-schema.ts";

describe("settings", () => {
  it("name the variable that is wrong", () => {
    expect(() => httpUrl("SALUS_RPC_URL")(undefined)).toThrow(/SALUS_RPC_URL is not set/);
    expect(() => httpUrl("SALUS_RPC_URL")("ftp://x")).toThrow(/SALUS_RPC_URL must start with http/);
    expect(() => httpUrl("SALUS_RPC_URL")("http://user:secret@x")).toThrow(
      /SALUS_RPC_URL must not contain a user name/,
    );
    expect(() => chainId("SALUS_CHAIN_ID")("-1")).toThrow(/SALUS_CHAIN_ID must be a positive whole number/);
    expect(() => optionalOrigin("ORIGIN")("https://a.example/path")).toThrow(
      /ORIGIN must be an origin.*https:\/\/a.example/,
    );
    expect(() => gateways("SALUS_GATEWAYS")("[{]")).toThrow(/SALUS_GATEWAYS must be JSON/);
    expect(() => gateways("SALUS_GATEWAYS")('[{"name":"A b","url":"http://x"}]')).toThrow(
      /SALUS_GATEWAYS entry 1: name/,
    );
    expect(() => gateways("SALUS_GATEWAYS")('[{"name":"a","url":"x"}]')).toThrow(
      /SALUS_GATEWAYS entry 1: url/,
    );
    expect(() =>
      gateways("SALUS_GATEWAYS")('[{"name":"a","url":"http://x"},{"name":"a","url":"http://y"}]'),
    ).toThrow(/twice/);
  });
  it("read what is right", () => {
    expect(httpUrl("X")("http://127.0.0.1:8545/")).toBe("http://127.0.0.1:8545");
    expect(chainId("X")("31337")).toBe(31337);
    expect(optionalOrigin("X")(undefined)).toBeUndefined();
    expect(gateways("X")(undefined)).toEqual([]);
    expect(gateways("X")('[{"name":"north","url":"http://127.0.0.1:4001/"}]')).toEqual([
      { name: "north", url: "http://127.0.0.1:4001" },
    ]);
  });
});
