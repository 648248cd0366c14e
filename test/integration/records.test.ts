/** Records at the gateways: uploads that go on, large records, versions that reuse, ciphertext listed twice. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync, readSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keccak256, toHex, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  assetId,
  buildVersion,
  type BuiltVersion,
  CHUNK_BYTES,
  cidOf,
  type ConsentLeaf,
  contentRootOf,
  descriptorDigest,
  findDelivery,
  listVersion,
  type ManifestEntry,
  newRecordId,
  OrderKind,
  parseChangesFile,
  parseManifest,
  readGatewaySet,
  readVersion,
  schemaDigest,
  SEALED_CHUNK_BYTES,
  type Version,
  writeChangesFile,
  writeDescriptor,
  writeManifest,
} from "@salus/sdk";
import {
  getBlob,
  getBlobStream,
  putBlob,
  putVersion,
  toWire,
  UPLOAD_PIECE_BYTES,
  uploadStream,
  waitForOrder,
} from "@salus/sdk/gateway/index";
import { connectDatabase } from "../../gateway/src/database/connect.ts";
import {
  bundleOf,
  COUNT,
  endow,
  listPatients,
  placeOrder,
  resultOf,
  subjectOf,
  uploadTokenFor,
  ZERO,
  type Dataset,
} from "../support/gateway-market.ts";
import { peakRss, startGatewayNetwork, type GatewayNetwork } from "../support/gateway-network.ts";
import {
  type DownloadLarge,
  type LargeAnswer,
  largeDigest,
  type ListLarge,
} from "../support/large-record.ts";

const BUYER_KEY = keccak256(toHex("buyer of the record tests"));
const buyer = privateKeyToAccount(BUYER_KEY);
let network: GatewayNetwork;
let dataset: Dataset;

beforeAll(async () => {
  network = await startGatewayNetwork(21_700);
  await endow(network, buyer);
  dataset = await listPatients(network, 20);
}, 120_000);

afterAll(() => network?.stop());

const target = (index: number) => network.gateways[index - 1]!.target();
const code = (name: string, message = /./) =>
  expect.objectContaining({ code: name, message: expect.stringMatching(message) });
const same = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(Buffer.from(b));

async function newAsset() {
  const salt = toHex(randomBytes(32));
  const asset = assetId(network.operator(0).walletClient.account.address, salt);
  return { asset, salt, upload: await uploadTokenFor(network, { asset, salt }) };
}

const SCHEMA = {
  name: "FHIR R4 patient bundle",
  mediaType: "application/fhir+json" as const,
  columns: [{ name: "birth_year", type: "integer" as const }],
};
const DRAFT = {
  title: "Blood pressure",
  description: "Patients of a test.",
  country: "AT",
  conditions: [],
  schemas: [SCHEMA],
  contact: { name: "Test hospital" },
};
const recordOf = (i: number, more: object = {}) => ({
  recordId: newRecordId(),
  subject: subjectOf(i).address,
  schema: schemaDigest(SCHEMA),
  plaintext: new TextEncoder().encode(JSON.stringify({ ...bundleOf(i), ...more })),
});

/** The consents of a dataset's first version, changed to one for each of `people`. */
function consentsOf(people: number[], originVersion: number): ConsentLeaf[] {
  const [model] = dataset.built.consentLeaves as [ConsentLeaf];
  const held = new Map(dataset.built.consentLeaves.map((leaf) => [leaf.subject.toLowerCase(), leaf]));
  return people.map((i) => {
    const subject = subjectOf(i).address;
    return held.get(subject.toLowerCase()) ?? { ...model, subject, originVersion };
  });
}

describe("an upload in pieces", () => {
  const size = 2 * UPLOAD_PIECE_BYTES + 12_345;
  const bytes = randomBytes(size);
  const cid = cidOf(bytes);

  test("goes on at the stored offset after its gateway was killed, and is had whole and in part", async () => {
    const { upload } = await newAsset();
    let id = "";
    async function* breaking() {
      yield bytes.subarray(0, UPLOAD_PIECE_BYTES + 5);
      yield bytes.subarray(UPLOAD_PIECE_BYTES + 5, 2 * UPLOAD_PIECE_BYTES);
      throw new Error("the client was killed");
    }
    const first = uploadStream(target(1), {
      upload,
      size,
      source: breaking,
      cid: () => cid,
      onOpened: (opened) => void (id = opened),
    });
    await expect(first).rejects.toThrow("the client was killed");
    await network.gateways[0]!.stop("SIGKILL");
    await network.gateways[0]!.start();
    const asked: number[] = [];
    async function* rest(offset: number) {
      asked.push(offset);
      yield bytes.subarray(offset);
    }
    await uploadStream(target(1), { upload, size, id, source: rest, cid: () => cid });
    expect(asked).toEqual([2 * UPLOAD_PIECE_BYTES]);
    const pieces: Uint8Array[] = [];
    for await (const piece of getBlobStream(target(1), { cid, size })) pieces.push(piece);
    expect(same(Buffer.concat(pieces), bytes)).toBe(true);
    expect(same(await getBlob(target(1), cid), bytes)).toBe(true);
    const part = await fetch(`${target(1).url}/v1/blobs/${cid}`, { headers: { range: "bytes=100-199" } });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe(`bytes 100-199/${size}`);
    expect(same(new Uint8Array(await part.arrayBuffer()), bytes.subarray(100, 200))).toBe(true);
    const behind = await fetch(`${target(1).url}/v1/blobs/${cid}`, { headers: { range: `bytes=${size}-` } });
    expect(behind.status).toBe(416);
  });

  test("survives connections that break, of the upload and of the download", async () => {
    const { upload } = await newAsset();
    const other = randomBytes(size);
    const flaky = breakingFetch();
    const gateway = { ...target(1), fetch: flaky.fetch };
    async function* source(offset: number) {
      yield other.subarray(offset);
    }
    await uploadStream(gateway, { upload, size, source, cid: () => cidOf(other), patience: 1 });
    const pieces: Uint8Array[] = [];
    for await (const piece of getBlobStream(gateway, { cid: cidOf(other), size, patience: 1 }))
      pieces.push(piece);
    expect(same(Buffer.concat(pieces), other)).toBe(true);
    expect(flaky.broken()).toBeGreaterThanOrEqual(4);
  });

  test("is refused with another content id, another asset's token, at another place, and after it expired", async () => {
    const { upload } = await newAsset();
    let id = "";
    const begin = uploadStream(target(1), {
      upload,
      size,
      onOpened: (opened) => void (id = opened),
      cid: () => cidOf(randomBytes(9)),
      source: async function* () {
        yield bytes;
      },
    });
    await expect(begin).rejects.toEqual(code("GATEWAY_DIGEST_MISMATCH"));
    const go = (parameters: object) =>
      uploadStream(target(1), {
        upload,
        size,
        id,
        cid: () => cid,
        source: async function* () {},
        ...parameters,
      });
    await expect(go({ upload: (await newAsset()).upload })).rejects.toEqual(code("GATEWAY_UPLOAD_UNKNOWN"));
    const wrongPlace = await fetch(`${target(1).url}/v1/uploads/${id}/0`, {
      method: "PUT",
      headers: { "x-salus-upload": upload, "content-type": "application/octet-stream" },
      body: bytes.subarray(0, 10),
    });
    expect(await wrongPlace.json()).toMatchObject({ code: "GATEWAY_UPLOAD_OFFSET" });
    const folder = join(network.folder, "gateway-1/storage/blobs/partial", id);
    expect(readdirSync(folder)).toHaveLength(3);
    const db = await connectDatabase(network.gateways[0]!.databaseUrl);
    await db.updateTable("uploads").set({ expires_at: 1 }).where("id", "=", id).execute();
    await expect(go({})).rejects.toEqual(code("GATEWAY_UPLOAD_UNKNOWN"));
    await network.gateways[0]!.stop();
    await network.gateways[0]!.start();
    await expect.poll(() => readdirSync(folder), { timeout: 10_000 }).toEqual([]);
    await expect.poll(() => db.selectFrom("uploads").select("id").where("id", "=", id).execute()).toEqual([]);
    await db.destroy();
  });
});

/** A fetch whose connections break: answers of writes are lost, bodies of downloads end early, each a few times. */
function breakingFetch() {
  let broken = 0;
  let left = 3;
  let downloads = 2;
  const breaking: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (init?.method === "PUT" && left-- > 0) {
      broken += 1;
      await response.arrayBuffer();
      throw new TypeError("the connection broke after the piece was stored");
    }
    if (init?.method !== "GET" || !/blobs/.test(String(input)) || downloads-- <= 0) return response;
    broken += 1;
    const reader = response.body!.getReader();
    let pieces = 0;
    const body = new ReadableStream({
      async pull(controller) {
        const { value } = await reader.read();
        pieces += 1;
        if (pieces > 20 || !value) {
          await reader.cancel();
          controller.error(new TypeError("the connection broke"));
        } else controller.enqueue(value);
      },
    });
    return new Response(body, { status: response.status, headers: response.headers });
  };
  return { fetch: breaking, broken: () => broken };
}

describe("a version", () => {
  test("reuses what is unchanged and says who was added, changed and withdrawn", async () => {
    const people = [...Array.from({ length: 20 }, (_, i) => i).filter((i) => i !== 5), 40, 41];
    const first = dataset.built.manifest;
    const { built, version, number } = await listVersion(network.operator(0), {
      asset: dataset.asset,
      previous: first,
      records: [recordOf(40), recordOf(41), recordOf(3, { changed: true })],
      changed: [subjectOf(3).address],
      withdrawn: [subjectOf(5).address],
      consents: consentsOf(people, 2),
      descriptor: DRAFT,
      eligibility: ZERO,
    });
    expect(number).toBe(2);
    expect(await readVersion(network.reader, dataset.asset, 2)).toEqual(version);
    expect(built.descriptor.changes).toEqual({ since: 1, added: 2, changed: 1, withdrawn: 1 });
    const raw = await fetch(`${target(3).url}/ipfs/${built.descriptor.leafFiles.changes}?format=raw`);
    const { changes, since } = parseChangesFile(new Uint8Array(await raw.arrayBuffer()));
    expect(since).toBe(1);
    const expected = [
      [40, "added"],
      [41, "added"],
      [3, "changed"],
      [5, "withdrawn"],
    ] as const;
    expect(changes).toEqual(
      expected
        .map(([i, change]) => ({ subject: subjectOf(i).address.toLowerCase(), change }))
        .sort((a, b) => (a.subject < b.subject ? -1 : 1)),
    );
    const carried = built.manifest.entries.filter(({ leaf }) => leaf.originVersion === 1);
    expect(carried).toHaveLength(18);
    const before = new Map(first.entries.map((entry) => [entry.leaf.recordId, entry]));
    for (const entry of carried) expect(entry).toEqual(before.get(entry.leaf.recordId));
    // Its job opens records of both origins.
    const spec = COUNT;
    const placed = await placeOrder(network, { buyer, asset: dataset.asset, kind: OrderKind.Analysis, spec });
    const { receipt } = await resultOf(network, placed, buyer);
    expect(receipt.cohort).toBe(21);
    expect(receipt.inputRoot).toBe(contentRootOf(built.manifest.entries));
    dataset = { ...dataset, built };
  });

  test("leaves receipts of an earlier version what they were", async () => {
    const placed = await placeOrder(network, {
      buyer,
      asset: dataset.asset,
      kind: OrderKind.Analysis,
      spec: COUNT,
    });
    const { receipt } = await resultOf(network, placed, buyer);
    const root = contentRootOf(dataset.built.manifest.entries);
    const people = Array.from({ length: 19 }, (_, i) => i).filter((i) => i !== 5);
    const third = await listVersion(network.operator(0), {
      asset: dataset.asset,
      previous: dataset.built.manifest,
      records: [],
      withdrawn: [19, 40, 41].map((i) => subjectOf(i).address),
      consents: consentsOf(people, 3),
      descriptor: DRAFT,
      eligibility: ZERO,
    });
    expect(third.built.manifest.entries.some(({ leaf }) => leaf.originVersion === 2)).toBe(true);
    expect(placed.order.version).toBe(2);
    expect((await findDelivery(network.reader, placed.id)).receipt).toEqual(receipt);
    expect(receipt.inputRoot).toBe(root);
    const { leafFiles } = dataset.built.descriptor;
    const file = await getBlob(target(2), leafFiles.manifest);
    expect(contentRootOf(parseManifest(file, root as Hex).entries)).toBe(root);
    dataset = { ...dataset, built: third.built };
  });

  /** A fourth version as another lister might make it: its manifest changed before it is handed in. */
  async function handIn(change: (entries: readonly ManifestEntry[]) => ManifestEntry[], gateway = 2) {
    const { asset, built } = dataset;
    const people = built.consentLeaves;
    const next = await build(asset, 4, { previous: built, consents: people });
    return handInForged(asset, dataset.listing.salt, 4, next, change, gateway);
  }

  test("whose leaf does not name its origin is refused, as is one that names another", async () => {
    // One of many that came with the first version, so that this version is among those that the others name.
    const { recordId } = dataset.built.manifest.entries.find(({ leaf }) => leaf.originVersion === 1)!.leaf;
    const change = (what: Partial<ManifestEntry["leaf"]>) => (entries: readonly ManifestEntry[]) =>
      entries.map((entry) =>
        entry.leaf.recordId === recordId ? { ...entry, leaf: { ...entry.leaf, ...what } } : entry,
      );
    for (const [what, message] of [
      [{ originVersion: 4 }, /without naming it/],
      [{ originVersion: 4, recordId: newRecordId() }, /without naming it/],
      [{ originVersion: 2 }, /holds no such record|is not the one of version/],
      [{ originVersion: 5 }, /a later one/],
      [{ content: keccak256("0x01") }, /is not the one of version/],
      [{ keyCommitment: keccak256("0x01") }, /is not the one of version/],
      [{ schema: keccak256("0x01") }, /is not the one of version/],
    ] as const) {
      await expect(handIn(change(what)), JSON.stringify(what)).rejects.toEqual(
        code("GATEWAY_FILE_INVALID", message),
      );
    }
    await expect(handIn((entries) => [...entries])).resolves.toMatchObject({ status: "pending" });
  });

  test("that comes before the one it follows, or lists other changes than it makes, is refused", async () => {
    const { asset, built, listing } = dataset;
    const [, ...stayed] = built.consentLeaves;
    const wrong = await build(asset, 4, {
      previous: built,
      consents: stayed,
      without: built.consentLeaves[0]!.subject,
    });
    const lying = { ...wrong.descriptor, changes: { ...wrong.descriptor.changes!, withdrawn: 3 } };
    await expect(handInForged(asset, listing.salt, 4, { ...wrong, descriptor: lying })).rejects.toEqual(
      code("GATEWAY_FILE_INVALID", /counts of changes/),
    );
    const { changes: _, ...files } = wrong.descriptor.leafFiles;
    const silent = { ...wrong.descriptor, leafFiles: files };
    await expect(handInForged(asset, listing.salt, 4, { ...wrong, descriptor: silent })).rejects.toEqual(
      code("GATEWAY_FILE_INVALID", /names no file/),
    );
    const { file, cid } = renamed(wrong);
    const other = { ...wrong.descriptor, leafFiles: { ...wrong.descriptor.leafFiles, changes: cid } };
    const forged = { ...wrong, descriptor: other, changesFile: file };
    await expect(handInForged(asset, listing.salt, 4, forged)).rejects.toEqual(
      code("GATEWAY_FILE_INVALID", /not what version 4 changes/),
    );
    const early = await build(asset, 6, { previous: built, consents: built.consentLeaves });
    await expect(handInForged(asset, listing.salt, 6, early)).rejects.toEqual(code("GATEWAY_FILE_MISSING"));
  });

  test("of another dataset with this one's ciphertext, or with its sealed shares, is refused", async () => {
    const { asset, salt } = await newAsset();
    const model = dataset.built.consentLeaves[0]!;
    const people = [90, 91].map((i) => ({ ...model, subject: subjectOf(i).address, originVersion: 1 }));
    const built = await build(asset, 1, { records: [recordOf(90), recordOf(91)], consents: people });
    const { content } = dataset.built.manifest.entries[3]!.leaf;
    const relisted = (entries: readonly ManifestEntry[]) =>
      entries.map((entry, i) => (i === 0 ? { ...entry, leaf: { ...entry.leaf, content } } : entry));
    await expect(handInForged(asset, salt, 1, built, relisted)).rejects.toEqual(
      code("GATEWAY_FILE_INVALID", /already listed under another dataset/),
    );
    const stolen = { ...built, sealedShares: dataset.built.sealedShares };
    await expect(handInForged(asset, salt, 1, stolen)).rejects.toEqual(code("GATEWAY_WRONG_SHARE"));
    await expect(handInForged(asset, salt, 1, built)).resolves.toMatchObject({ records: 2 });
  });
});

describe("a large record", () => {
  const size = Number(process.env["SALUS_LARGE_MIB"] ?? 320) * 2 ** 20;
  /** What a process may take more, for a record of any size; less than the record of this test, and most of it garbage. */
  const MORE = 256 * 2 ** 20;
  const SMALL = 10;
  const digest = largeDigest(size);
  let placed: Awaited<ReturnType<typeof placeOrder>>;
  let manifestFile: string;

  const stopAndStart = async () => {
    await network.gateways[0]!.stop("SIGKILL");
    await network.gateways[0]!.start();
  };
  const download = (pause: boolean) =>
    runLarge(
      {
        task: "download",
        manifestFile,
        id: placed.id,
        order: toWire("Order", placed.order),
        gateways: [1, 2, 3].map(target),
        buyerKey: BUYER_KEY,
        recipient: {
          publicKey: placed.recipientKey.publicKey,
          privateKey: toHex(placed.recipientKey.privateKey),
        },
        escrow: network.deployment.contracts.AccessEscrow,
        size,
        pause,
      },
      pause ? stopAndStart : async () => undefined,
    );

  test("is listed and stored in constant memory while its gateway is killed in the middle", async () => {
    const task: ListLarge = {
      task: "list",
      rpcUrl: network.rpcUrl,
      deploymentFile: network.deploymentFile,
      operatorKey: network.gateways[0]!.keys.operatorKey,
      small: SMALL,
      size,
    };
    const listed = await runLarge(task, stopAndStart);
    expect(listed.digest).toBe(digest);
    expect(listed.peakRss - listed.startRss).toBeLessThan(MORE);
    show("listing", listed);
    manifestFile = join(network.folder, "large-manifest");
    writeFileSync(manifestFile, Buffer.from(listed.manifest!, "base64"));
    const order = { buyer, asset: BigInt(listed.asset!) };
    const job = await placeOrder(network, { ...order, kind: OrderKind.Analysis, spec: COUNT });
    const { failure } = await waitForOrder(job.executor, { id: job.id, until: ["failed"] });
    expect(failure?.code).toBe("GATEWAY_RECORD_TOO_LARGE");
    placed = await placeOrder(network, { ...order, kind: OrderKind.Download });
    await resultOf(network, placed, buyer);
  }, 600_000);

  test("is downloaded and opened in constant memory while its gateway is killed in the middle", async () => {
    const had = await download(true);
    expect(had).toMatchObject({ digest, bytes: size });
    expect(had.error).toBeUndefined();
    expect(had.peakRss - had.startRss).toBeLessThan(MORE);
    show("downloading", had);
    // The custodian took, joined, hashed and sent it; gateway 3 never saw it.
    const [custodian, other] = [0, 2].map((place) => peakRss(network.gateways[place]!.pid()!));
    expect(custodian! - other!).toBeLessThan(MORE);
  }, 600_000);

  test("is refused at the chunk that was changed or moved where it is stored, before its bytes are given", async () => {
    const { leaf } = parseManifest(readFileSync(manifestFile)).entries.find(
      (entry) => entry.leaf.size > BigInt(size),
    )!;
    const name = leaf.content.slice(2);
    const path = join(network.folder, "gateway-1/storage/blobs", name.slice(0, 2), name);
    const chunk = (i: number) => 49 + i * SEALED_CHUNK_BYTES;
    const stored = openSync(path, "r+");
    const read = (at: number, bytes: number) => {
      const place = Buffer.alloc(bytes);
      readSync(stored, place, 0, bytes, at);
      return place;
    };
    try {
      const byte = read(chunk(5) + 77, 1);
      writeSync(stored, Buffer.of(byte[0]! ^ 1), 0, 1, chunk(5) + 77);
      const changed = await download(false);
      expect(changed).toMatchObject({
        error: { code: "SDK_STREAM_BROKEN", chunk: 5 },
        bytes: 5 * CHUNK_BYTES - 8,
      });
      writeSync(stored, byte, 0, 1, chunk(5) + 77);
      const [third, seventh] = [3, 7].map((i) => read(chunk(i), SEALED_CHUNK_BYTES));
      writeSync(stored, seventh!, 0, SEALED_CHUNK_BYTES, chunk(3));
      writeSync(stored, third!, 0, SEALED_CHUNK_BYTES, chunk(7));
      const moved = await download(false);
      expect(moved).toMatchObject({
        error: { code: "SDK_STREAM_BROKEN", chunk: 3 },
        bytes: 3 * CHUNK_BYTES - 8,
      });
    } finally {
      closeSync(stored);
    }
  });
});

/** A version's changes file with as many changes of each kind, of other people. */
function renamed({ changesFile }: BuiltVersion) {
  const changes = parseChangesFile(changesFile!.bytes);
  const others = changes.changes.map(({ change }, i) => ({
    subject: `0x${String(i + 1).padStart(40, "0")}` as const,
    change,
  }));
  const file = writeChangesFile({ ...changes, changes: others });
  return { file, cid: file.cid };
}

/** What `SALUS_SHOW_MEMORY` asks to see. */
function show(what: string, { startRss, peakRss: peak, bytes }: LargeAnswer): void {
  if (!process.env["SALUS_SHOW_MEMORY"]) return;
  const mib = (count: number) => Math.round(count / 2 ** 20);
  console.log(`${what} ${mib(bytes)} MiB took ${mib(peak - startRss)} MiB more than ${mib(startRss)}`);
}

/** Runs a process with one large record; in its middle, `meanwhile` happens. */
async function runLarge(
  task: ListLarge | DownloadLarge,
  meanwhile: () => Promise<void>,
): Promise<LargeAnswer> {
  const script = join(import.meta.dirname, "../support/large-record.ts");
  const child = spawn(process.execPath, [script, JSON.stringify(task)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const exited = once(child, "exit");
    let last = "";
    for await (const line of createInterface({ input: child.stdout })) {
      last = line;
      if (line !== "half") continue;
      await meanwhile();
      child.stdin.write("go on\n");
    }
    expect(await exited).toEqual([0, null]);
    return JSON.parse(last) as LargeAnswer;
  } finally {
    child.kill("SIGKILL");
  }
}

/** Builds a version of a dataset for the network's gateways, without handing it in. */
async function build(
  asset: bigint,
  version: number,
  more: {
    records?: Parameters<typeof buildVersion>[0]["records"];
    previous?: BuiltVersion;
    /** a subject that is withdrawn */
    without?: Address;
    consents: readonly ConsentLeaf[];
  },
): Promise<BuiltVersion> {
  const { deployment, reader } = network;
  const { gateways, threshold } = await readGatewaySet(reader, 1);
  const { previous } = more;
  return buildVersion({
    context: { chainId: 31337, registry: deployment.contracts.AssetRegistry, dataset: asset, version },
    gatewaySet: gateways.map(({ index, sealingKey }) => ({ index, hpkePublicKey: sealingKey })),
    threshold,
    records: more.records ?? [],
    carried:
      previous?.manifest.entries.filter(({ leaf }) => leaf.subject !== more.without?.toLowerCase()) ?? [],
    ...(previous ? { previous: previous.manifest } : {}),
    consents: more.consents,
    descriptor: DRAFT,
  });
}

/** Hands a version in whose manifest was changed after it was built; its roots and files agree with the change. */
async function handInForged(
  asset: bigint,
  salt: Hex,
  number: number,
  built: BuiltVersion,
  change: (entries: readonly ManifestEntry[]) => ManifestEntry[] = (entries) => [...entries],
  index = 2,
) {
  const upload = await uploadTokenFor(network, { asset, salt });
  const gateway = target(index);
  const entries = change(built.manifest.entries);
  const manifestFile = writeManifest({ ...built.manifest, entries });
  const leafFiles = { ...built.descriptor.leafFiles, manifest: manifestFile.cid };
  const descriptorFile = writeDescriptor({ ...built.descriptor, leafFiles });
  for (const file of [manifestFile, descriptorFile, built.consentFile, built.changesFile]) {
    if (file) await putBlob(gateway, { bytes: file.bytes, upload });
  }
  const version: Version = {
    contentRoot: contentRootOf(entries),
    consentRoot: built.consentRoot,
    count: entries.length,
    gatewaySet: 1,
    eligibility: ZERO,
    descriptor: descriptorDigest(descriptorFile),
  };
  const sealedShares = built.sealedShares.find((each) => each.gateway === index)!.bytes;
  return putVersion(gateway, { asset, number, version, sealedShares, upload });
}
