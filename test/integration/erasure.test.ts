/** Erasure at a person's wish: what is gone, who confirms it, and what a backup cannot bring back. */
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keccak256, toHex, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  type BuiltVersion,
  cidFromDigest,
  listVersion,
  newRecordId,
  OrderKind,
  provisionalSubject,
  readGatewaySet,
  schemaDigest,
  signGrant,
  submitGrant,
  verifyReceipt,
} from "@salus/sdk";
import {
  checkErasure,
  eraseRecords,
  getAccessLog,
  getBlob,
  getExclusions,
  putBlob,
  type SignedErasure,
  signErasure,
} from "@salus/sdk/gateway/index";
import { connectDatabase } from "../../gateway/src/database/connect.ts";
import {
  bundleOf,
  COUNT,
  downloadAll,
  endow,
  listPatients,
  placeOrder,
  resultOf,
  subjectOf,
  uploadTokenFor,
  ZERO,
  type Dataset,
} from "../support/gateway-market.ts";
import { startGatewayNetwork, type GatewayNetwork } from "../support/gateway-network.ts";

const buyer = privateKeyToAccount(keccak256(toHex("buyer of the erasure tests")));
const code = privateKeyToAccount(keccak256(toHex("one-time code of a letter")));
const PROVISIONAL = 12;
let network: GatewayNetwork;
let dataset: Dataset;
/** the version after the first two erasures */
let second: BuiltVersion;

beforeAll(async () => {
  network = await startGatewayNetwork(21_750);
  await endow(network, buyer);
  dataset = await listPatients(network, 20);
}, 120_000);

afterAll(() => network?.stop());

const target = (index: number) => network.gateways[index - 1]!.target();
const refused = (name: string) => expect.objectContaining({ code: name });
const leafOf = (i: number, set = dataset) =>
  set.built.manifest.entries.find(({ leaf }) => leaf.subject === subjectOf(i).address.toLowerCase())!.leaf;
const wishOf = (i: number) => signErasure(target(1), { dataset: dataset.asset, signer: subjectOf(i) });
const gatewaySet = async () => {
  const { gateways, threshold } = await readGatewaySet(network.reader, 1);
  return { gateways, threshold };
};

/** What a gateway still has of a record: its key share in the database, its ciphertext on disk. */
async function leftAt(gateway: number, recordId: Hex, content: Hex) {
  const { databaseUrl, name } = network.gateways[gateway - 1]!;
  const db = await connectDatabase(databaseUrl);
  const shares = await db
    .selectFrom("key_shares")
    .select("record_id")
    .where("record_id", "=", recordId)
    .execute();
  await db.destroy();
  const path = join(network.folder, name, "storage/blobs", content.slice(2, 4), content.slice(2));
  return { share: shares.length > 0, ciphertext: existsSync(path) };
}

async function orderDownload() {
  const placed = await placeOrder(network, { buyer, asset: dataset.asset, kind: OrderKind.Download });
  await resultOf(network, placed, buyer);
  return {
    placed,
    download: () => downloadAll(network, { dataset, placed, buyer }),
  };
}

const GONE = { share: false, ciphertext: false };

describe("a person who wants their record erased", () => {
  test("has it erased at every gateway, with receipts that anyone can check; nobody opens it again", async () => {
    const { recordId, content } = leafOf(3);
    const before = await orderDownload();
    expect(await leftAt(1, recordId, content)).toEqual({ share: true, ciphertext: true });
    expect(await leftAt(2, recordId, content)).toEqual({ share: true, ciphertext: false });
    const wish = await wishOf(3);
    const answer = await eraseRecords(target(2), wish);
    expect(answer).toMatchObject({ status: "erased", needed: 2 });
    const set = await gatewaySet();
    expect(await checkErasure(target(1), set, wish, answer)).toEqual({ gateways: [1, 2, 3], erased: true });
    for (const gateway of [1, 2, 3]) expect(await leftAt(gateway, recordId, content)).toEqual(GONE);
    await expect(getBlob(target(1), cidFromDigest(content))).rejects.toEqual(refused("GATEWAY_BLOB_UNKNOWN"));
    // Not even for an order that was delivered before.
    const { records, refused: left } = await before.download();
    expect(records).toHaveLength(19);
    expect(left).toEqual([refused("GATEWAY_RECORD_ERASED")]);
    expect(left[0]!.recordId).toBe(recordId);
    // The same wish again changes nothing.
    expect(await eraseRecords(target(2), wish)).toEqual(answer);
  });

  test("is left out of every later cohort, and anyone can check why; a new grant does not bring them back", async () => {
    const person = subjectOf(3);
    const grant = await signGrant(
      network.deployment,
      {
        dataset: dataset.asset,
        subject: person.address,
        purposes: dataset.built.consentLeaves[0]!.purposes,
        modes: 7,
        expiry: 4_102_444_800,
        nonce: 0,
      },
      person,
      0,
    );
    await submitGrant(network.as(buyer), grant);
    const spec = COUNT;
    const placed = await placeOrder(network, { buyer, asset: dataset.asset, kind: OrderKind.Analysis, spec });
    const { receipt } = await resultOf(network, placed, buyer);
    expect(receipt.cohort).toBe(19);
    const { excluded } = await getExclusions(placed.executor, placed.id);
    expect(excluded).toEqual([{ subject: person.address.toLowerCase(), reason: 3 }]);
    const records = dataset.built.manifest.entries.map(({ leaf }) => leaf);
    const files = { records, consents: dataset.built.consentLeaves, excluded };
    const { checks } = await verifyReceipt(network.reader, placed.id, files);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  test("finds the erasure in the log of each gateway", async () => {
    for (const gateway of [1, 2, 3]) {
      const { entries } = await getAccessLog(target(gateway), {
        dataset: dataset.asset,
        signer: subjectOf(3),
      });
      expect(entries.filter(({ action }) => action === "erase")).toHaveLength(1);
    }
  });

  test("cannot be listed again, nor their ciphertext be stored again", async () => {
    const kept = await getBlob(target(1), cidFromDigest(leafOf(4).content));
    await eraseRecords(target(1), await wishOf(4));
    const operator = network.operator(0);
    const upload = await uploadTokenFor(network, { asset: dataset.asset, salt: dataset.listing.salt });
    await expect(putBlob(target(1), { bytes: kept, upload })).rejects.toEqual(
      refused("GATEWAY_SUBJECT_ERASED"),
    );
    const { manifest, consentLeaves, descriptor } = dataset.built;
    const { format: _, formatVersion: __, leafFiles: ___, ...draft } = descriptor;
    const next = {
      asset: dataset.asset,
      previous: manifest,
      consents: consentLeaves,
      descriptor: draft,
      eligibility: ZERO,
    };
    await expect(listVersion(operator, { ...next, records: [] })).rejects.toEqual(
      refused("GATEWAY_SUBJECT_ERASED"),
    );
    const anew = {
      recordId: newRecordId(),
      subject: subjectOf(4).address,
      schema: schemaDigest(descriptor.schemas[0]!),
      plaintext: new TextEncoder().encode(JSON.stringify(bundleOf(4))),
    };
    await expect(
      listVersion(operator, { ...next, records: [anew], changed: [anew.subject] }),
    ).rejects.toEqual(refused("GATEWAY_SUBJECT_ERASED"));
    const gone = [3, 4].map((i) => subjectOf(i).address);
    const without = consentLeaves.filter(
      ({ subject }) => !gone.some((each) => each.toLowerCase() === subject.toLowerCase()),
    );
    const listed = await listVersion(operator, {
      ...next,
      consents: without,
      withdrawn: gone,
      records: [],
    });
    expect(listed.built.descriptor.changes).toMatchObject({ withdrawn: 2 });
    second = listed.built;
  });

  test("reaches gateways that were stopped when they come back", async () => {
    await network.gateways[2]!.stop();
    await network.gateways[1]!.stop();
    const wish = await wishOf(6);
    const first = await eraseRecords(target(1), wish);
    expect(first).toMatchObject({ status: "pending", needed: 2 });
    expect(first.receipts).toHaveLength(1);
    const { recordId, content } = leafOf(6);
    expect(await leftAt(3, recordId, content)).toMatchObject({ share: true });
    await network.gateways[1]!.start();
    await network.gateways[2]!.start();
    await expect
      .poll(async () => (await eraseRecords(target(1), wish)).receipts.length, { timeout: 30_000 })
      .toBe(3);
    expect(await leftAt(3, recordId, content)).toEqual(GONE);
  });
});

describe("a wish for erasure", () => {
  test("of anybody else is refused, as is a stale or changed one", async () => {
    const about = { dataset: dataset.asset, subject: subjectOf(7).address };
    const forged: SignedErasure[] = [
      await signErasure(target(1), { ...about, signer: buyer }),
      await signErasure(target(1), { ...about, signer: network.operator(0).walletClient }),
      await signErasure(target(1), {
        ...about,
        signer: network.operator(0).walletClient,
        codeKey: code.address,
      }),
      { ...(await wishOf(8)), erasure: { ...(await wishOf(8)).erasure, subject: about.subject } },
      { ...(await wishOf(7)), erasure: { ...(await wishOf(7)).erasure, issuedAt: 1 } },
    ];
    for (const wish of forged) {
      await expect(eraseRecords(target(1), wish)).rejects.toEqual(refused("GATEWAY_ERASURE_INVALID"));
    }
    const strangers = await signErasure(target(1), { dataset: dataset.asset, signer: buyer });
    await expect(eraseRecords(target(1), strangers)).rejects.toEqual(refused("GATEWAY_RECORD_UNKNOWN"));
    const { recordId, content } = leafOf(7);
    expect(await leftAt(1, recordId, content)).toEqual({ share: true, ciphertext: true });
  });

  test("comes from the custodian, or the letter's code, for people without an account only", async () => {
    const codes = [code, privateKeyToAccount(keccak256(toHex("one-time code of another letter")))];
    const { manifest, consentLeaves, descriptor } = second;
    const { format: _, formatVersion: __, leafFiles: ___, changes: ____, ...draft } = descriptor;
    const gone = subjectOf(6).address; // erased since the second version was listed
    const people = codes.map(({ address }) => provisionalSubject(dataset.asset, address));
    const model = consentLeaves[0]!;
    await listVersion(network.operator(0), {
      asset: dataset.asset,
      previous: manifest,
      withdrawn: [gone],
      records: people.map((subject, i) => ({
        recordId: newRecordId(),
        subject,
        schema: schemaDigest(draft.schemas[0]!),
        plaintext: new TextEncoder().encode(JSON.stringify(bundleOf(PROVISIONAL + i))),
      })),
      consents: [
        ...consentLeaves.filter(({ subject }) => subject.toLowerCase() !== gone.toLowerCase()),
        ...people.map((subject) => ({ ...model, subject, originVersion: 3 })),
      ],
      descriptor: draft,
      eligibility: ZERO,
    });
    const about = { dataset: dataset.asset, subject: people[0]!, codeKey: code.address };
    const other = network.operator(1).walletClient;
    const byOther = await signErasure(target(1), { ...about, signer: other });
    await expect(eraseRecords(target(1), byOther)).rejects.toEqual(refused("GATEWAY_ERASURE_INVALID"));
    const byCustodian = await signErasure(target(1), {
      ...about,
      signer: network.operator(0).walletClient,
    });
    expect(await eraseRecords(target(3), byCustodian)).toMatchObject({ status: "erased" });
    const byCode = await signErasure(target(1), {
      dataset: dataset.asset,
      subject: people[1]!,
      signer: codes[1]!,
      codeKey: codes[1]!.address,
    });
    expect(await eraseRecords(target(1), byCode)).toMatchObject({ status: "erased" });
  });

  test("with a receipt of another wish, or of a gateway outside the set, does not pass for erased", async () => {
    const wish = await wishOf(8);
    const answer = await eraseRecords(target(1), wish);
    const set = await gatewaySet();
    const wrong = expect.objectContaining({ code: "SDK_ERASURE_RECEIPT_WRONG" });
    await expect(checkErasure(target(1), set, await wishOf(8), answer)).rejects.toEqual(wrong);
    const outside = { ...set, gateways: set.gateways.slice(1) };
    await expect(checkErasure(target(1), outside, wish, answer)).rejects.toEqual(wrong);
    const [one] = answer.receipts;
    const twice = await checkErasure(target(1), set, wish, { receipts: [one!, one!] });
    expect(twice).toEqual({ gateways: [1], erased: false });
  });
});

describe("a backup", () => {
  test("of database and files from before an erasure serves nothing of it when it is restored", async () => {
    const gateway = network.gateways[0]!;
    const { recordId, content } = leafOf(9);
    const storage = join(network.folder, "gateway-1/storage");
    const backup = join(network.folder, "backup");
    const db = await connectDatabase(gateway.databaseUrl);
    const shares = await db.selectFrom("key_shares").selectAll().where("record_id", "=", recordId).execute();
    const blobs = await db.selectFrom("blobs").selectAll().where("digest", "=", content).execute();
    expect(shares).toHaveLength(1);
    cpSync(join(storage, "blobs"), backup, { recursive: true });
    expect(await eraseRecords(target(1), await wishOf(9))).toMatchObject({ status: "erased" });
    await gateway.stop();
    // The restored database knows of no erasure, and holds the share again; the restored files hold the ciphertext.
    for (const table of ["erasures", "erasure_receipts", "erased_contents"] as const)
      await db.deleteFrom(table).execute();
    await db.insertInto("key_shares").values(shares).execute();
    await db
      .insertInto("blobs")
      .values(blobs)
      .onConflict((on) => on.doNothing())
      .execute();
    rmSync(join(storage, "blobs"), { recursive: true });
    cpSync(backup, join(storage, "blobs"), { recursive: true });
    expect(await leftAt(1, recordId, content)).toEqual({ share: true, ciphertext: true });
    await gateway.start();
    expect(await leftAt(1, recordId, content)).toEqual(GONE);
    await expect(getBlob(target(1), cidFromDigest(content))).rejects.toEqual(refused("GATEWAY_BLOB_UNKNOWN"));
    // And the other way round: lost files, kept database.
    await gateway.stop();
    cpSync(backup, join(storage, "blobs"), { recursive: true });
    rmSync(join(storage, "tombstones"), { recursive: true });
    await gateway.start();
    expect(await leftAt(1, recordId, content)).toEqual(GONE);
    expect(existsSync(join(storage, "tombstones"))).toBe(true);
    await db.destroy();
  });
});
