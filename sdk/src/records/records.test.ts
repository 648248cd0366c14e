import { createHash } from "node:crypto";
import type { Address, Hex } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { digestFromCid } from "../cid.ts";
import { generateHpkeKeyPair, type HpkeKeyPair } from "../crypto/hpke.ts";
import { openShares } from "../crypto/seal-shares.ts";
import type { RecordShare } from "../crypto/share-batch.ts";
import { consentLeaf, recordLeaf, type ConsentLeaf } from "../trees/leaves.ts";
import { buildTree, verifyLeaf } from "../trees/tree.ts";
import { type BuildVersionParameters, type BuiltVersion, buildVersion } from "./build-version.ts";
import { checkShares } from "./check-version.ts";
import { parseConsentFile } from "./consent-file.ts";
import { descriptorDigest, parseDescriptor, schemaDigest, type RecordSchema } from "./descriptor.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { openRecord, type ReleasedShare } from "./open-record.ts";
import { newRecordId, type NewRecord } from "./prepare-record.ts";

const code = (name: string, details: object = {}) =>
  expect.objectContaining({
    code: name,
    ...(Object.keys(details).length > 0 && { details: expect.objectContaining(details) }),
  });

const schema: RecordSchema = {
  name: "Diabetes follow-up",
  mediaType: "application/fhir+json",
  columns: [{ name: "hba1c", type: "decimal", loinc: "4548-4", unit: "%" }],
};
const subjectOf = (i: number): Address => `0x${(i + 1).toString(16).padStart(40, "0")}`;
const plaintextOf = (i: number) => new TextEncoder().encode(`{"resourceType":"Bundle","patient":${i}}`);
const version1 = {
  chainId: 31337,
  registry: "0x5FbDB2315678afecb367f032d93F642f64180aa3" as Address,
  dataset: 7n,
  version: 1,
};
const consentOf = (i: number, originVersion = 1): ConsentLeaf => ({
  subject: subjectOf(i),
  purposes: 2n ** 100n + 3n,
  modes: 1,
  expiry: 2_000_000_000,
  basis: i % 2,
  evidence: `0x${"5a".repeat(32)}`,
  weight: 1,
  originVersion,
});
const recordOf = (i: number): NewRecord => ({
  recordId: newRecordId(),
  subject: subjectOf(i),
  schema: schemaDigest(schema),
  plaintext: plaintextOf(i),
});

let keys: HpkeKeyPair[];
let parameters: BuildVersionParameters;
let built: BuiltVersion;
/** opened key shares of version 1, by gateway */
let held: Map<number, RecordShare[]>;

const gatewaySet = () => ({ gateways: parameters.gatewaySet, threshold: parameters.threshold });

async function openAll(version: BuiltVersion): Promise<Map<number, RecordShare[]>> {
  const opened = new Map<number, RecordShare[]>();
  for (const [i, { gateway, bytes: sealed }] of version.sealedShares.entries()) {
    const context = { ...version.manifest, gatewaySet: gatewaySet(), gateway };
    opened.set(gateway, await openShares({ context, recipientKey: keys[i]!, sealed }));
  }
  return opened;
}

beforeAll(async () => {
  keys = await Promise.all([0, 1, 2].map(() => generateHpkeKeyPair()));
  parameters = {
    context: version1,
    gatewaySet: keys.map(({ publicKey }, i) => ({ index: 10 + i, hpkePublicKey: publicKey })),
    threshold: 2,
    records: [0, 1, 2, 3, 4].map(recordOf),
    consents: [4, 2, 0, 1, 3].map((i) => consentOf(i)),
    descriptor: {
      title: "Diabetes cohort",
      description: "Follow-up of people with type 2 diabetes.",
      country: "DE",
      conditions: [{ code: "E11.9", subjects: 10 }],
      schemas: [schema],
      contact: { name: "Study office", email: "study@example.org" },
    },
  };
  built = await buildVersion(parameters);
  held = await openAll(built);
});

/** What a reader has of record `i`: manifest entry, ciphertext, and shares of the given gateways. */
function readerOf(i: number, gateways: number[]) {
  const entry = built.manifest.entries.find(({ leaf }) => leaf.subject === subjectOf(i))!;
  const ciphertext = built.ciphertexts.find(({ recordId }) => recordId === entry.leaf.recordId)!;
  const shares = gateways.map((gateway): ReleasedShare => {
    const share = held.get(gateway)!.find(({ recordId }) => recordId === entry.leaf.recordId)!;
    return { gateway, share: share.share, salt: share.salt };
  });
  return { context: built.manifest, entry, envelope: ciphertext.bytes, shares };
}

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

describe("a built version", () => {
  it("gives every record back from the shares of any two of three gateways", async () => {
    for (const i of [0, 1, 2, 3, 4]) {
      for (const pair of [
        [10, 11],
        [10, 12],
        [12, 11],
        [10, 11, 12],
      ]) {
        const { plaintext, wrongShares } = await openRecord(readerOf(i, pair));
        expect(plaintext).toEqual(plaintextOf(i));
        expect(wrongShares).toEqual([]);
      }
    }
  });

  it("has ciphertexts under the content id of their bytes, sized as their leaf says", () => {
    expect(built.ciphertexts).toHaveLength(5);
    for (const { cid, bytes, recordId } of built.ciphertexts) {
      const { leaf } = built.manifest.entries.find((entry) => entry.leaf.recordId === recordId)!;
      expect(digestFromCid(cid)).toBe(`0x${createHash("sha256").update(bytes).digest("hex")}`);
      expect(leaf.content).toBe(digestFromCid(cid));
      expect(leaf.size).toBe(BigInt(bytes.length));
    }
  });

  it("has the roots of its leaves, in ascending order", () => {
    const leaves = built.manifest.entries.map((entry) => entry.leaf);
    const ids = leaves.map(({ recordId }) => recordId);
    expect(ids).toEqual(ids.toSorted());
    expect(built.consentLeaves.map(({ subject }) => subject)).toEqual([0, 1, 2, 3, 4].map(subjectOf));
    const tree = buildTree(recordLeaf, leaves);
    expect(built.contentRoot).toBe(tree.root);
    expect(verifyLeaf(recordLeaf, leaves[2]!, tree.proof(ids[2]!), built.contentRoot)).toBe(true);
    expect(built.consentRoot).toBe(buildTree(consentLeaf, parameters.consents).root);
    expect(built.recordCount).toBe(5);
  });

  it("names its leaf files in a descriptor that reads back", () => {
    const { descriptorFile, manifestFile, consentFile } = built;
    const expected = `0x${createHash("sha256").update(descriptorFile.bytes).digest("hex")}`;
    expect(descriptorDigest(descriptorFile)).toBe(expected);
    const descriptor = parseDescriptor(descriptorFile.bytes);
    expect(descriptor).toEqual(built.descriptor);
    expect(descriptor.leafFiles).toEqual({
      version: 1,
      consents: consentFile.cid,
      manifest: manifestFile.cid,
    });
  });

  it("hands each ciphertext to `store` and keeps none", async () => {
    const stored: Hex[] = [];
    const streamed = await buildVersion({
      ...parameters,
      records: (async function* () {
        for (let i = 0; i < 150; i++) yield recordOf(i);
      })(),
      consents: Array.from({ length: 150 }, (_, i) => consentOf(i)),
      store: ({ recordId }) => void stored.push(recordId),
    });
    expect(streamed.ciphertexts).toEqual([]);
    expect(stored.toSorted()).toEqual(streamed.manifest.entries.map(({ leaf }) => leaf.recordId));
  });

  it("fails when `store` fails", async () => {
    const store = () => Promise.reject(new Error("disk full"));
    await expect(buildVersion({ ...parameters, store })).rejects.toThrow("disk full");
  });
});

describe("the next version", () => {
  it("carries records over, which open with the shares they had", async () => {
    const carried = built.manifest.entries.filter(({ leaf }) => leaf.subject !== subjectOf(3));
    const next = await buildVersion({
      ...parameters,
      context: { ...version1, version: 2 },
      records: [recordOf(9)],
      carried,
      consents: [consentOf(0), consentOf(1), consentOf(2), consentOf(4), consentOf(9, 2)],
    });
    expect(next.recordCount).toBe(5);
    expect(next.ciphertexts).toHaveLength(1);
    const opened = await openRecord({ ...readerOf(0, [10, 12]), context: next.manifest });
    expect(opened.plaintext).toEqual(plaintextOf(0));
    const shares = (await openAll(next)).get(11)!;
    expect(shares).toHaveLength(1);
    expect(checkShares(next.manifest, 11, shares)).toEqual({ wrong: [], missing: [] });
  });

  it("carries nothing over from itself or a later one", async () => {
    const again = { ...parameters, records: [], carried: built.manifest.entries };
    await expect(buildVersion(again)).rejects.toEqual(code("SDK_INVALID_INPUT"));
  });
});

describe("opening a record", () => {
  it("with a tampered ciphertext names who served it", async () => {
    const reader = readerOf(0, [10, 11]);
    for (const at of [0, 4, 20, 300, reader.envelope.length - 1]) {
      const envelope = changed(reader.envelope, at);
      await expect(openRecord({ ...reader, envelope, servedBy: "gateway 12" })).rejects.toEqual(
        code("SDK_CIPHERTEXT_TAMPERED", { servedBy: "gateway 12", recordId: reader.entry.leaf.recordId }),
      );
    }
    const other = readerOf(1, []).envelope;
    await expect(openRecord({ ...reader, envelope: other })).rejects.toEqual(code("SDK_CIPHERTEXT_TAMPERED"));
  });

  it("with a wrong share names its gateway, whichever it is and wherever it stands", async () => {
    for (const wrong of [10, 11]) {
      for (const order of [
        [10, 11],
        [11, 10],
      ]) {
        const reader = readerOf(0, order);
        const shares = reader.shares.map((s) =>
          s.gateway === wrong ? { ...s, share: changed(s.share, 5) } : s,
        );
        await expect(openRecord({ ...reader, shares })).rejects.toEqual(
          code("SDK_WRONG_SHARE", { gateway: wrong, gateways: [wrong], have: 1, need: 2 }),
        );
      }
    }
  });

  it("does without a wrong share when enough are right, and still names its gateway", async () => {
    const reader = readerOf(0, [10, 11, 12]);
    const shares = reader.shares.map((s) => (s.gateway === 11 ? { ...s, share: changed(s.share, 32) } : s));
    const { plaintext, wrongShares } = await openRecord({ ...reader, shares });
    expect(plaintext).toEqual(plaintextOf(0));
    expect(wrongShares).toEqual([11]);
  });

  it("takes another record's share, another gateway's share and another salt for wrong", async () => {
    const reader = readerOf(0, [10, 11]);
    const [first, second] = reader.shares as [ReleasedShare, ReleasedShare];
    const others: ReleasedShare[] = [
      readerOf(1, [11]).shares[0]!,
      { ...readerOf(0, [12]).shares[0]!, gateway: 11 },
      { ...second, salt: first.salt },
    ];
    for (const other of others) {
      await expect(openRecord({ ...reader, shares: [first, other] })).rejects.toEqual(
        code("SDK_WRONG_SHARE", { gateway: 11 }),
      );
    }
  });

  it("is refused with t − 1 shares, one share twice, or a stranger's", async () => {
    const reader = readerOf(0, [10]);
    await expect(openRecord(reader)).rejects.toEqual(code("SDK_TOO_FEW_SHARES", { have: 1, need: 2 }));
    await expect(openRecord({ ...reader, shares: [] })).rejects.toEqual(code("SDK_TOO_FEW_SHARES"));
    const twice = [...reader.shares, ...reader.shares];
    await expect(openRecord({ ...reader, shares: twice })).rejects.toEqual(
      code("SDK_DUPLICATE_SHARE", { gateway: 10 }),
    );
    const stranger = [{ ...reader.shares[0]!, gateway: 99 }];
    await expect(openRecord({ ...reader, shares: stranger })).rejects.toEqual(code("SDK_UNKNOWN_GATEWAY"));
  });

  it("is refused with commitments that are not the leaf's", async () => {
    const reader = readerOf(0, [10, 11]);
    const entry = { ...reader.entry, commitments: readerOf(1, []).entry.commitments };
    await expect(openRecord({ ...reader, entry })).rejects.toEqual(code("SDK_SHARE_COMMITMENTS_MISMATCH"));
  });

  it("finds a lister who commits to another key than the shares give", async () => {
    const reader = readerOf(0, [10, 11]);
    const leaf = { ...reader.entry.leaf, keyCommitment: readerOf(1, []).entry.leaf.keyCommitment };
    await expect(openRecord({ ...reader, entry: { ...reader.entry, leaf } })).rejects.toEqual(
      code("SDK_KEY_COMMITMENT_MISMATCH"),
    );
  });
});

describe("ciphertext relisted", () => {
  const elsewhere: [string, Partial<Manifest>][] = [
    ["chain", { chainId: 1 }],
    ["registry", { registry: `0x${"99".repeat(20)}` }],
    ["dataset", { dataset: 8n }],
  ];

  it.each(elsewhere)("under another %s does not open, whoever gives the shares", async (_, other) => {
    const reader = readerOf(0, [10, 11]);
    const context = { ...built.manifest, ...other };
    await expect(openRecord({ ...reader, context })).rejects.toEqual(
      code("SDK_WRONG_SHARE", { gateways: [10, 11] }),
    );
  });

  it.each(elsewhere)("under another %s does not give the gateways their shares either", async (_, other) => {
    const { gateway, bytes: sealed } = built.sealedShares[0]!;
    const context = { ...built.manifest, ...other, gatewaySet: gatewaySet(), gateway };
    await expect(openShares({ context, recipientKey: keys[0]!, sealed })).rejects.toEqual(
      code("SDK_SEALED_OPEN_FAILED"),
    );
  });

  it("under another version, record id or schema does not open", async () => {
    const reader = readerOf(0, [10, 11]);
    for (const other of [{ originVersion: 2 }, { recordId: newRecordId() }, { schema: newRecordId() }]) {
      const entry = { ...reader.entry, leaf: { ...reader.entry.leaf, ...other } };
      await expect(openRecord({ ...reader, entry })).rejects.toEqual(code("SDK_WRONG_SHARE"));
    }
  });
});

describe("a gateway that receives key shares", () => {
  it("finds all of them as committed", () => {
    for (const gateway of [10, 11, 12]) {
      expect(checkShares(built.manifest, gateway, held.get(gateway)!)).toEqual({ wrong: [], missing: [] });
    }
  });

  it("finds shares that are wrong, missing, or of no listed record", () => {
    const [first, second, ...rest] = held.get(10)! as [RecordShare, RecordShare, ...RecordShare[]];
    const stray = { ...first, recordId: newRecordId() };
    const bad = { ...first, share: changed(first.share, 0) };
    const report = checkShares(built.manifest, 10, [bad, stray, ...rest]);
    expect(report).toEqual({ wrong: [first.recordId, stray.recordId], missing: [second.recordId] });
    expect(checkShares(built.manifest, 11, held.get(10)!).wrong).toHaveLength(5);
    expect(() => checkShares(built.manifest, 99, [])).toThrow(code("SDK_UNKNOWN_GATEWAY"));
  });
});

describe("a version that must not be", () => {
  it.each<[string, string, () => Partial<BuildVersionParameters>]>([
    ["SDK_DUPLICATE_SUBJECT", "two records of one subject", () => ({ records: [recordOf(0), recordOf(0)] })],
    [
      "SDK_CONSENT_MISSING",
      "a record without consent leaf",
      () => ({ consents: parameters.consents.slice(1) }),
    ],
    [
      "SDK_CONSENT_WITHOUT_RECORD",
      "a consent leaf without record",
      () => ({ consents: [...parameters.consents, consentOf(8)] }),
    ],
    [
      "SDK_DUPLICATE_LEAF",
      "two consent leaves of one subject",
      () => ({ consents: [...parameters.consents, consentOf(0)] }),
    ],
    [
      "SDK_DUPLICATE_LEAF",
      "one record id twice",
      () => {
        const record = recordOf(0);
        return { records: [record, { ...recordOf(1), recordId: record.recordId }] };
      },
    ],
    ["SDK_INVALID_INPUT", "a threshold of one", () => ({ threshold: 1 })],
    [
      "SDK_INVALID_INPUT",
      "a record id of another length",
      () => ({ records: [{ ...recordOf(0), recordId: "0x12" }] }),
    ],
    [
      "SDK_VALUE_OUT_OF_RANGE",
      "a consent with more than 128 purposes",
      () => ({ consents: parameters.consents.map((leaf) => ({ ...leaf, purposes: 2n ** 128n })) }),
    ],
  ])("%s for %s", async (expected, _, change) => {
    await expect(buildVersion({ ...parameters, ...change() })).rejects.toEqual(code(expected));
  });
});

describe("leaf files", () => {
  it("read back to the leaves, and to their roots", () => {
    const manifest = parseManifest(built.manifestFile.bytes, built.contentRoot);
    const registry = built.manifest.registry.toLowerCase();
    expect(manifest).toEqual({ ...built.manifest, registry });
    const consents = parseConsentFile(built.consentFile.bytes, built.consentRoot);
    expect(consents).toEqual({ ...version1, registry, leaves: built.consentLeaves });
  });

  it("are the same bytes whatever the order of what went in", async () => {
    const again = await buildVersion({ ...parameters, consents: parameters.consents.toReversed() });
    expect(again.consentFile.cid).toBe(built.consentFile.cid);
  });

  it("are plain JSON lines with a header", () => {
    const [header, first] = new TextDecoder().decode(built.consentFile.bytes).split("\n");
    expect(header).toBe(
      '{"chainId":31337,"count":5,"dataset":"7","format":"salus-consents","formatVersion":1,' +
        '"registry":"0x5fbdb2315678afecb367f032d93f642f64180aa3","version":1}',
    );
    expect(first).toBe(
      `{"basis":0,"evidence":"0x${"5a".repeat(32)}","expiry":2000000000,"modes":1,"originVersion":1,` +
        '"purposes":"1267650600228229401496703205379","subject":"0x0000000000000000000000000000000000000001","weight":1}',
    );
  });

  it("are refused when they are of another root", () => {
    expect(() => parseManifest(built.manifestFile.bytes, built.consentRoot)).toThrow(
      code("SDK_FILE_ROOT_MISMATCH"),
    );
    expect(() => parseConsentFile(built.consentFile.bytes, built.contentRoot)).toThrow(
      code("SDK_FILE_ROOT_MISMATCH"),
    );
  });

  it.each<[string, (text: string) => string, number]>([
    ["another format", (t) => t.replace("salus-consents", "salus-manifest"), 1],
    ["a newer format version", (t) => t.replace('"formatVersion":1', '"formatVersion":2'), 1],
    ["a count that is not so", (t) => t.replace('"count":5', '"count":4'), 1],
    ["a line that is missing", (t) => t.split("\n").toSpliced(3, 1).join("\n"), 1],
    ["a line that is cut short", (t) => t.slice(0, -9) + "\n", 6],
    ["no end of the last line", (t) => t.slice(0, -1), 1],
    ["an unknown field", (t) => t.replace('{"basis"', '{"name":"x","basis"'), 2],
    ["a value out of range", (t) => t.replace('"modes":1', '"modes":256'), 2],
    ["upper-case hexadecimal", (t) => t.replace("5a5a", "5A5A"), 2],
    ["a number with a sign", (t) => t.replace('"purposes":"1', '"purposes":"-1'), 2],
    ["nothing at all", () => "", 1],
  ])("are refused with %s, naming the line", (_, change, line) => {
    const text = change(new TextDecoder().decode(built.consentFile.bytes));
    expect(() => parseConsentFile(new TextEncoder().encode(text))).toThrow(
      code("SDK_FILE_MALFORMED", { line }),
    );
  });

  it("are refused when they name a record or subject twice, or hold bytes that are no text", () => {
    const lines = new TextDecoder().decode(built.consentFile.bytes).split("\n");
    const twice = new TextEncoder().encode(lines.toSpliced(2, 1, lines[1]!).join("\n"));
    expect(() => parseConsentFile(twice)).toThrow(code("SDK_DUPLICATE_LEAF"));
    expect(() => parseConsentFile(Uint8Array.of(0xff, 0x0a))).toThrow(code("SDK_FILE_MALFORMED"));
    const records = new TextDecoder().decode(built.manifestFile.bytes).split("\n");
    const recordTwice = new TextEncoder().encode(records.toSpliced(2, 1, records[1]!).join("\n"));
    expect(() => parseManifest(recordTwice)).toThrow(code("SDK_DUPLICATE_LEAF"));
  });

  it("are refused when too large", () => {
    expect(() => parseConsentFile(new Uint8Array(96 * 1024 * 1024 + 1))).toThrow(code("SDK_FILE_TOO_LARGE"));
  });

  it("of a manifest are refused when a record lacks a gateway's commitment", () => {
    const text = new TextDecoder().decode(built.manifestFile.bytes);
    const fewer = text.replace(/"commitments":\["0x[0-9a-f]{64}",/, '"commitments":[');
    expect(() => parseManifest(new TextEncoder().encode(fewer))).toThrow(
      code("SDK_SHARE_COMMITMENTS_MISMATCH"),
    );
  });
});
