import { describe, expect, it } from "vitest";
import { cidFromDigest, cidOf, digestFromCid } from "./cid.ts";

// base32(0x01 0x55 0x12 0x20 ‖ SHA-256("hello world")), computed with Python's hashlib and base64
const CID = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e";
const DIGEST = "0xb94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

describe("content ids", () => {
  it("are CIDv1, raw, sha2-256, base32", () => {
    expect(cidOf(new TextEncoder().encode("hello world"))).toBe(CID);
    expect(cidFromDigest(DIGEST)).toBe(CID);
    expect(digestFromCid(CID)).toBe(DIGEST);
  });

  it.each([
    ["not a cid", "hello"],
    ["version 0", "QmTp2hEo8eXRp6wg7jXv1BLCMh5a4F3B7buAUZNZUu772j"],
    ["dag-pb instead of raw", "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"],
    ["another base", "zb2rhj7crUKTQYRGCRATFaQ6YFLTde2YzdqbbhAASkL9uRDXn"],
    ["upper case", CID.toUpperCase()],
    ["an empty string", ""],
  ])("refuse %s", (_, text) => {
    expect(() => digestFromCid(text)).toThrow(expect.objectContaining({ code: "SDK_INVALID_CID" }));
  });

  it("refuse a digest of another length", () => {
    expect(() => cidFromDigest("0x1234")).toThrow(expect.objectContaining({ code: "SDK_INVALID_INPUT" }));
  });
});
