import fc from "fast-check";
import { base32 } from "multiformats/bases/base32";
import { CID as Cid } from "multiformats/cid";
import { create } from "multiformats/hashes/digest";
import { describe, expect, it } from "vitest";
import { toHex } from "./crypto/bytes.ts";
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

  it("agree with the library of all forms, for any digest, and come back", () => {
    const digests = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(digests, (digest) => {
        const cid = cidFromDigest(toHex(digest));
        expect(cid).toBe(Cid.createV1(0x55, create(0x12, digest)).toString(base32));
        expect(digestFromCid(cid)).toBe(toHex(digest));
      }),
    );
  });

  it("refuse any other sign at any place that does not spell the same", () => {
    for (let at = 0; at < CID.length; at += 1) {
      for (const sign of ["a", "7", "1", "A", " ", "é"]) {
        const other = CID.slice(0, at) + sign + CID.slice(at + 1);
        if (other === CID) continue;
        // Another digest may come of it, but never this one, and only of its own one spelling.
        let digest: string | undefined;
        try {
          digest = digestFromCid(other);
        } catch (error) {
          expect(error).toMatchObject({ code: "SDK_INVALID_CID" });
        }
        if (digest) expect(cidFromDigest(digest as `0x${string}`)).toBe(other);
        expect(digest).not.toBe(DIGEST);
      }
    }
  });

  it("refuse a digest of another length", () => {
    expect(() => cidFromDigest("0x1234")).toThrow(expect.objectContaining({ code: "SDK_INVALID_INPUT" }));
  });
});
