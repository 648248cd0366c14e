import * as fc from "fast-check";
import type { FastifyRequest } from "fastify";
import type { Hex } from "viem";
import { describe, expect, it } from "vitest";
import { ComputeError, inspectModel } from "@salus/compute/index";
import { parseJobSpec } from "@salus/compute/job/spec";
import { canonicalJson as canonicalSpec } from "@salus/compute/job/canonical-json";
import { readOneTimeCode } from "@salus/sdk/accounts/one-time-code";
import { decodeRecoveryCode } from "@salus/sdk/accounts/recovery-code";
import { cidOf, digestFromCid } from "@salus/sdk/cid";
import { collectBytes } from "@salus/sdk/crypto/bytes";
import { openEnvelope, sealRecord } from "@salus/sdk/crypto/envelope";
import { generateHpkeKeyPair, hpkeOpen, hpkeSeal } from "@salus/sdk/crypto/hpke";
import { decodeShareBatch, encodeShareBatch } from "@salus/sdk/crypto/share-batch";
import { openStream, sealStream } from "@salus/sdk/crypto/stream";
import { decodeEvidence, encodeEvidence } from "@salus/sdk/data-use/evidence";
import { isSalusError } from "@salus/sdk/errors";
import { importBundle } from "@salus/sdk/fhir/import-bundle";
import { patient } from "@salus/sdk/fhir/bundles.fixture";
import { fromBase64 } from "@salus/sdk/gateway/base64";
import { decodeHeader, encodeHeader } from "@salus/sdk/gateway/requests";
import { fromWire, WIRE_STRUCTS, type WireStructName } from "@salus/sdk/gateway/wire";
import { verifyConsistency, verifyInclusion } from "@salus/sdk/log/verify-proof";
import { parseChangesFile } from "@salus/sdk/records/changes-file";
import { parseConsentFile, writeConsentFile } from "@salus/sdk/records/consent-file";
import { parseDescriptor } from "@salus/sdk/records/descriptor";
import { parseManifest, writeManifest } from "@salus/sdk/records/manifest";
import { parseRewardFile } from "@salus/sdk/rewards/reward-file";
import { bent, fitting, garbage } from "../../../test/support/fuzz/schema.ts";
import { requireUpload } from "../auth/upload-token.ts";
import type { Context } from "../context.ts";
import { isGatewayError } from "../errors/gateway-error.ts";
import { openKeystore, KeystoreError } from "../keys/keystore-file.ts";
import { digestOf } from "../storage/blobs.ts";
import { readRange } from "./range.ts";
import { struct } from "./schemas.ts";

/** Inputs for each parser; more by `SALUS_FUZZ_RUNS`. */
const RUNS = Number(process.env["SALUS_FUZZ_RUNS"] ?? 300);
const SEED = Number(process.env["SALUS_FUZZ_SEED"] ?? 20261122);

const HASH: Hex = `0x${"4f".repeat(32)}`;
const REGISTRY = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
const RECORD = {
  chainId: 31337,
  registry: REGISTRY,
  dataset: 7n,
  originVersion: 1,
  recordId: HASH,
  schema: HASH,
} as const;
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** An error that whoever called can act on: one of ours, with a code of a table. */
function isOurs(error: unknown): boolean {
  return (
    isSalusError(error) ||
    isGatewayError(error) ||
    error instanceof ComputeError ||
    error instanceof KeystoreError
  );
}

/** Bytes that were good once: cut, flipped, doubled, or with others in between. */
function damaged(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.record({ at: fc.nat(), how: fc.nat(4), with: fc.uint8Array({ maxLength: 40 }) });
  return change.map(({ at, how, with: put }) => {
    const place = good.length === 0 ? 0 : at % good.length;
    if (how === 0) return good.slice(0, place);
    if (how === 1) return Uint8Array.from([...good.slice(0, place), ...put, ...good.slice(place)]);
    if (how === 2) return Uint8Array.from([...good, ...good]);
    const copy = Uint8Array.from(good);
    if (how === 3) copy[place]! ^= 1 << (at % 8);
    else copy.set(put.subarray(0, copy.length - place), place);
    return copy;
  });
}

const bytes = (good: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    { weight: 3, arbitrary: damaged(good) },
    { weight: 1, arbitrary: garbage.map((each) => Uint8Array.from(each)) },
  );

const strings = (...good: string[]): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc
      .constantFrom(...good)
      .chain((each) => damaged(new TextEncoder().encode(each)))
      .map((each) => Buffer.from(each).toString("latin1")),
    fc.constantFrom("", "\u0000", "=".repeat(100), "9".repeat(1000)),
  );

async function holds<T>(inputs: fc.Arbitrary<T>, parse: (input: T) => unknown): Promise<void> {
  let taken = 0;
  const property = fc.asyncProperty(inputs, async (input) => {
    try {
      await parse(input);
      taken += 1;
    } catch (error) {
      if (isOurs(error)) return;
      throw error;
    }
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED });
  expect(taken).toBeGreaterThanOrEqual(0);
}

describe("a parser of what others send gives a value or an error of ours, whatever comes", () => {
  it("structs on the wire", async () => {
    for (const name of Object.keys(WIRE_STRUCTS) as WireStructName[]) {
      await holds(fc.oneof(bent(fitting(struct(name))), fc.jsonValue()), (value) => fromWire(name, value));
    }
  });

  it("content ids, ranges, headers, base64", async () => {
    const cid = cidOf(text("x"));
    await holds(strings(cid), digestFromCid);
    await holds(strings(cid), digestOf);
    const ranges = fc.oneof(
      strings("bytes=0-10", "bytes=-5", "bytes=5-"),
      fc.tuple(fc.maxSafeNat(), fc.maxSafeNat()).map(([a, b]) => `bytes=${a}-${b}`),
    );
    const property = fc.property(ranges, fc.nat(), (header, size) => {
      const range = readRange(header, size);
      if (range === undefined || range === "unsatisfiable") return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.start).toBeLessThan(range.end);
      expect(range.end).toBeLessThanOrEqual(size);
    });
    fc.assert(property, { numRuns: RUNS, seed: SEED });
    await holds(strings("e30", encodeHeader({ a: 1 } as never)), decodeHeader);
    await holds(strings("c2FsdXM=", "AA=="), fromBase64);
  });

  it("upload tokens", async () => {
    const context = { now: () => 1_800_000_000 } as Context;
    const token = { asset: "7", curator: REGISTRY, salt: HASH, custodian: 1, expiry: 1_800_000_100 };
    const good = { token, signer: REGISTRY, signature: `0x${"11".repeat(65)}` };
    const headers = fc.oneof(
      strings("x"),
      bent(fc.constant(good)).map((value) => Buffer.from(JSON.stringify(value) ?? "").toString("base64url")),
    );
    await holds(headers, (header) =>
      requireUpload(context, { headers: { "x-salus-upload": header } } as unknown as FastifyRequest),
    );
  });

  it("key shares, envelopes, streams and sealed messages", async () => {
    const share = { recordId: HASH, share: new Uint8Array(33).fill(1), salt: new Uint8Array(32).fill(2) };
    await holds(bytes(encodeShareBatch([share])), decodeShareBatch);
    const { envelope, key } = await sealRecord(RECORD, text("a record"));
    await holds(bytes(envelope), (each) => openEnvelope(RECORD, each, key));
    const source = text("a large record".repeat(100));
    const stream = await sealStream(RECORD, [source], source.length);
    const sealed = await collectBytes(stream.envelope);
    await holds(bytes(sealed), (each) => collectBytes(openStream(RECORD, [each], stream.key)));
    const recipientKey = await generateHpkeKeyPair();
    const info = text("about");
    const message = await hpkeSeal({
      recipientPublicKey: recipientKey.publicKey,
      info,
      plaintext: text("x"),
    });
    await holds(bytes(message), (each) => hpkeOpen({ recipientKey, info, sealed: each }));
  });

  it("manifests, consent files, changes files, descriptors and reward files", async () => {
    const about = { chainId: 31337, registry: REGISTRY, dataset: 7n, version: 1 } as const;
    const manifest = writeManifest({ ...about, gateways: [1, 2, 3], threshold: 2, entries: [] }).bytes;
    await holds(bytes(manifest), parseManifest);
    await holds(bytes(writeConsentFile({ ...about, leaves: [] }).bytes), parseConsentFile);
    await holds(bytes(manifest), parseChangesFile);
    const descriptor = text({ format: "salus-dataset", title: "x", schemas: [] });
    await holds(bytes(descriptor), parseDescriptor);
    await holds(bytes(manifest), parseRewardFile);
  });

  it("FHIR bundles", async () => {
    const bundle = { resourceType: "Bundle", type: "collection", entry: [{ resource: patient() }] };
    const inputs = fc.oneof(
      bent(fc.constant(bundle)),
      bytes(text(bundle)).map((each) => Buffer.from(each).toString("utf8")),
      fc.jsonValue(),
      fc.constantFrom("[".repeat(50_000), `{"a":`.repeat(20_000), null, 1n, undefined),
    );
    await holds(inputs, (input) => importBundle(input, { asOf: "2025-06-30" }));
  }, 120_000);

  it("proofs of the log, which verify or do not", async () => {
    const hashes = fc.array(fc.oneof(fc.constant(HASH), fc.string()), { maxLength: 130 }) as fc.Arbitrary<
      Hex[]
    >;
    const numbers = fc.oneof(
      fc.nat(),
      fc.maxSafeNat(),
      fc.double(),
      fc.constantFrom(-1, NaN, Infinity, 2 ** 53),
    );
    const hash = fc.oneof(fc.constant(HASH), fc.string()) as fc.Arbitrary<Hex>;
    const inclusion = fc.record({ leaf: hash, index: numbers, size: numbers, root: hash, proof: hashes });
    const consistency = fc.record({
      first: numbers,
      firstRoot: hash,
      second: numbers,
      secondRoot: hash,
      proof: hashes,
    });
    await holds(inclusion, (claim) => expect(typeof verifyInclusion(claim)).toBe("boolean"));
    await holds(consistency, (claim) => expect(typeof verifyConsistency(claim)).toBe("boolean"));
  });

  it("evidence, job specifications, models, codes on paper and keystores", async () => {
    const evidence = encodeEvidence({ descent: [HASH, HASH] });
    const hex = bytes(Buffer.from(evidence.slice(2), "hex")).map(
      (each): Hex => `0x${Buffer.from(each).toString("hex")}`,
    );
    await holds(hex, decodeEvidence);
    const spec = {
      analysis: "count",
      version: 1,
      tables: "fhir-r4/1",
      parameters: { filter: [], epsilon: { numerator: 1, denominator: 1 } },
    };
    await holds(fc.oneof(bent(fc.constant(spec)), fc.jsonValue()), parseJobSpec);
    await holds(fc.oneof(fc.anything(), fc.jsonValue({ maxDepth: 80 })), canonicalSpec);
    await holds(bytes(Buffer.from("080912056d6f64656c", "hex")), inspectModel);
    await holds(strings("ABCD-EFGH"), readOneTimeCode);
    await holds(strings("ABCD-EFGH"), decodeRecoveryCode);
    const inputs = fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify(value)),
      strings("{}"),
    );
    await holds(inputs, (each) => openKeystore(each, "passphrase"));
  });
});
