/** A gateway killed at each durable step: nothing acknowledged is lost, nothing is done twice, no plaintext stays behind. */
import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { keccak256, sha256, toHex, type Abi, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  auditGateway,
  cancelMandate,
  cidFromDigest,
  cidOf,
  consentRegistryAbi,
  contributorRewardsAbi,
  demandLeaf,
  findRuns,
  isRoot,
  mandatesAbi,
  OrderKind,
  payoutsAbi,
  postRewardRoot,
  readCheckpoint,
  readClaimableRoot,
  readLastRoot,
  readMandateStatus,
  readRewardAccount,
  readSlots,
  signRevocation,
  signStruct,
  withFile,
  type RewardRoot,
} from "@salus/sdk";
import { readRewardFile } from "@salus/sdk/rewards/reward-file";
import { LEAF_BYTES } from "@salus/sdk/rewards/reward-leaf";
import {
  eraseRecords,
  getAccessLog,
  getBlob,
  getOrder,
  getResult,
  putBlob,
  sendRevocation,
  signErasure,
  submitJob,
  submitMandate,
  UPLOAD_PIECE_BYTES,
  uploadStream,
  waitForOrder,
} from "@salus/sdk/gateway/index";
import { handInVersion, versionOf } from "@salus/sdk/assets/hand-in-version";
import { connectDatabase, type Db } from "../../gateway/src/database/connect.ts";
import { DURABLE_STEPS, type DurableStep } from "../../gateway/src/durable/steps.ts";
import { escrowEvents, escrowTransactions, sentInputs } from "../support/chain-oracle.ts";
import { findPlaintext } from "../support/find-plaintext.ts";
import { startGatewayNetwork, until, type GatewayNetwork } from "../support/gateway-network.ts";
import {
  COUNT,
  downloadAll,
  endow,
  listPatients,
  openMandate,
  placeOrder,
  resultOf,
  subjectOf,
  uploadTokenFor,
  ZERO,
  type Dataset,
  type Placed,
} from "../support/gateway-market.ts";

/** Stands in every record of the tests, and must be nowhere else. */
const MARK = "Aurelia Quendolin Featherstonehaugh";
const SIZE = 24;
/** Seconds to challenge a root and to show a leaf of it. */
const WINDOW = 120;
const buyer = privateKeyToAccount(keccak256(toHex("buyer of the fault tests")));
let network: GatewayNetwork;
let dataset: Dataset;

/** Steps that a gateway was killed at by a test of this file. */
const killedAt = new Set<DurableStep>();

beforeAll(async () => {
  // Time enough for whoever shows or challenges to be killed and to be back.
  process.env["SALUS_REWARD_WINDOWS"] = `${WINDOW},${WINDOW}`;
  network = await startGatewayNetwork(23_200);
  await endow(network, buyer);
  dataset = await listPatients(network, SIZE, { mark: MARK });
}, 120_000);
afterAll(() => network?.stop());
afterEach(assertNoPlaintext);

const gateway = (index: number) => network.gateways[index - 1]!;
const target = (index: number) => gateway(index).target();

/** Waits for a gateway's death at a step; what it left on disk and in its database holds no plaintext. */
async function deathAt(index: number, step: DurableStep): Promise<void> {
  await gateway(index).crashed();
  killedAt.add(step);
  await assertNoPlaintext([index]);
}

/** Kills a gateway at one step after the other of what it does by itself; it is back afterwards. */
async function killAt(
  index: number,
  steps: readonly DurableStep[],
  begin: () => Promise<unknown>,
  extra: Record<string, string> = {},
) {
  gateway(index).crashAt(steps[0]!);
  // Its caller has no answer, or one from before the step.
  const begun = begin().catch((error: unknown) => error);
  for (const [i, step] of steps.entries()) {
    await deathAt(index, step);
    const next = steps[i + 1];
    if (next) gateway(index).crashAt(next);
    else break;
    gateway(index).launch(extra);
  }
  await gateway(index).start(extra);
  return begun;
}

async function assertNoPlaintext(only?: unknown): Promise<void> {
  const indexes = Array.isArray(only) ? (only as number[]) : [1, 2, 3];
  const some = indexes.map(gateway);
  const found = await findPlaintext(MARK, {
    folders: some.map(({ folder }) => folder),
    databaseUrls: some.map(({ databaseUrl }) => databaseUrl),
  });
  expect(found).toEqual([]);
}

async function withDb<T>(index: number, work: (db: Db) => Promise<T>): Promise<T> {
  const db = await connectDatabase(gateway(index).databaseUrl);
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

const place = (kind: number, change: object = {}) =>
  placeOrder(network, {
    buyer,
    asset: dataset.asset,
    kind,
    ...(kind === OrderKind.Download ? {} : { spec: COUNT }),
    submit: false,
    ...change,
  });

/** One delivery, one settlement, one transaction each; and the buyer opens the result. */
async function assertDoneOnce(placed: Placed): Promise<void> {
  const { opened, receipt } = await resultOf(network, placed, buyer);
  expect(opened.result).toMatchObject({ kind: "count" });
  expect(receipt.cohort).toBeGreaterThan(10);
  const view = await waitForOrder(placed.executor, { id: placed.id, until: ["settled"] });
  expect(view.state).toBe("settled");
  expect(await escrowEvents(network, "OrderDelivered", placed)).toBe(1);
  expect(await escrowEvents(network, "OrderSettled", placed)).toBe(1);
  expect(await escrowTransactions(network, 1, "deliver", placed)).toBe(1);
  expect(await escrowTransactions(network, 1, "settle", placed)).toBe(1);
}

test("the search for plaintext finds what it should", async () => {
  const path = join(gateway(1).folder, "planted");
  for (const planted of [
    MARK,
    Buffer.from(`x${MARK}yy`).toString("base64"),
    Buffer.from(MARK).toString("hex"),
  ]) {
    writeFileSync(path, `before ${planted} after`);
    await expect(assertNoPlaintext([1])).rejects.toThrow();
  }
  rmSync(path);
  await withDb(1, async (db) => {
    await db
      .insertInto("erased_contents")
      .values({ content: toHex(MARK) })
      .execute();
    await expect(assertNoPlaintext([1])).rejects.toThrow();
    await db.deleteFrom("erased_contents").execute();
  });
});

/** Orders whose end is looked at together: none waits for another's dispute window. */
const placedOrders: Placed[] = [];

describe("an order whose executor is killed", () => {
  // An order must be delivered within a minute: no more deaths than that leaves room for on a slow machine.
  test.each<[string, readonly DurableStep[]]>([
    ["while it runs", ["job.stored", "job.gathering", "job.running", "job.result"]],
    ["while it is signed and sent", ["job.outcome", "receipt.signed", "receipt.collected", "deliver.sent"]],
    ["when it was delivered, and is settled", ["deliver.stored", "settle.sent"]],
    ["between a mined transaction and its note of it", ["deliver.mined", "settle.mined"]],
  ])("%s goes on where it was", async (_, steps) => {
    const placed = await place(OrderKind.Analysis);
    placedOrders.push(placed);
    const answer = await killAt(1, steps, () => submitJob(placed.executor, placed.submission));
    if (steps.includes("job.stored")) expect(answer).toMatchObject({ code: "GATEWAY_UNREACHABLE" });
    // Handing the job in again, as its buyer would without an answer, changes nothing.
    await submitJob(placed.executor, placed.submission);
  });

  test("while it gives an order back gives it back once", async () => {
    const small = await listPatients(network, 5, { mark: MARK });
    for (const step of ["fail.sent", "fail.mined"] as const) {
      const placed = await place(OrderKind.Analysis, { asset: small.asset });
      await killAt(1, [step], () => submitJob(placed.executor, placed.submission));
      const view = await waitForOrder(placed.executor, { id: placed.id });
      expect(view.state).toBe("failed");
      expect(await escrowEvents(network, "OrderFailed", placed)).toBe(1);
      expect(await escrowTransactions(network, 1, "fail", placed)).toBe(1);
    }
  });
});

test("a cosigner that is killed stops no order: another one signs", async () => {
  for (const step of ["receipt.stored", "receipt.signed"] as const) {
    const placed = await place(OrderKind.Analysis);
    placedOrders.push(placed);
    gateway(2).crashAt(step);
    await submitJob(placed.executor, placed.submission);
    await deathAt(2, step);
    // It is delivered while that one is gone.
    expect((await waitForOrder(placed.executor, { id: placed.id })).state).not.toBe("failed");
    await gateway(2).start();
  }
});

test("all these orders are delivered and settled once, by one transaction each", async () => {
  expect(placedOrders).toHaveLength(6);
  for (const placed of placedOrders) await assertDoneOnce(placed);
});

test("a download whose gateways are killed is released, reported and settled once, for the same records", async () => {
  const download = (placed: Placed) => downloadAll(network, { dataset, placed, buyer });
  const first = await place(OrderKind.Download);
  await submitJob(first.executor, first.submission);
  await resultOf(network, first, buyer);
  // t of the three are enough for the buyer; the report needs one of the two that die.
  gateway(2).crashAt("release.fixed");
  gateway(3).crashAt("release.closed");
  const { records, silent } = await download(first);
  await deathAt(2, "release.fixed");
  expect(records).toHaveLength(SIZE);
  expect(silent.map(({ gateway: each }) => each)).toEqual([2]);
  await deathAt(3, "release.closed");
  gateway(1).crashAt("report.sent");
  await gateway(3).start();
  await deathAt(1, "report.sent");
  await Promise.all([gateway(1).start(), gateway(2).start()]);
  expect((await download(first)).records).toHaveLength(SIZE);
  expect(await waitForOrder(first.executor, { id: first.id, until: ["settled"] })).toMatchObject({
    state: "settled",
  });
  const second = await place(OrderKind.Download);
  await submitJob(second.executor, second.submission);
  await resultOf(network, second, buyer);
  // Told before the download: the report may be mined before the buyer has read the last answer.
  await killAt(1, ["report.mined"], () => download(second));
  expect(await waitForOrder(second.executor, { id: second.id, until: ["settled"] })).toMatchObject({
    state: "settled",
  });
  for (const { id } of [first, second]) {
    expect(await escrowEvents(network, "OrderReported", { id })).toBe(1);
    expect(await escrowEvents(network, "OrderSettled", { id })).toBe(1);
  }
});

describe("an upload to a gateway that is killed", () => {
  const CONTENT = randomBytes(UPLOAD_PIECE_BYTES + 1000);
  const upload = () => uploadTokenFor(network, { asset: dataset.asset, salt: dataset.listing.salt });

  test("in one piece is stored when it is sent again", async () => {
    for (const step of ["object.drafted", "blob.stored"] as const) {
      const bytes = randomBytes(5000);
      const about = { bytes, upload: await upload() };
      const answer = await killAt(3, [step], () => putBlob(target(3), about));
      expect(answer).toMatchObject({ code: "GATEWAY_UNREACHABLE" });
      await putBlob(target(3), about);
      expect(Buffer.from(await getBlob(target(3), cidOf(bytes))).equals(bytes)).toBe(true);
    }
  });

  test("in pieces goes on where it stood, at each step of it", async () => {
    const token = await upload();
    for (const step of ["upload.opened", "upload.piece", "upload.joined", "upload.noted"] as const) {
      const bytes = Buffer.concat([randomBytes(32), CONTENT]);
      let sent = 0;
      async function* source(offset: number) {
        sent += bytes.length - offset;
        yield bytes.subarray(offset);
      }
      // It is patient by itself: the gateway is back before it gives up.
      const uploading = uploadStream(target(3), {
        upload: token,
        size: bytes.length,
        source,
        cid: () => cidOf(bytes),
      });
      gateway(3).crashAt(step);
      await deathAt(3, step);
      await gateway(3).start();
      expect(await uploading).toEqual({ cid: cidOf(bytes) });
      expect(sent).toBe(bytes.length);
      expect(Buffer.from(await getBlob(target(3), cidOf(bytes))).equals(bytes)).toBe(true);
    }
  });

  test("of a version's key shares holds each of them once it is handed in again", async () => {
    const shares = () =>
      withDb(3, (db) =>
        db.selectFrom("key_shares").select("record_id").where("asset", "=", `${dataset.asset}`).execute(),
      );
    const before = await shares();
    expect(before).toHaveLength(SIZE);
    const { asset, built } = dataset;
    const version = versionOf(built, 1, ZERO);
    const about = { asset, number: 1, version, built, upload: await upload() };
    const answer = await killAt(3, ["version.stored"], () => handInVersion(target(3), about));
    expect(answer).toMatchObject({ code: "GATEWAY_UNREACHABLE" });
    await handInVersion(target(3), about);
    expect(await shares()).toHaveLength(SIZE);
  });
});

describe("a person who stops at a gateway that is killed", () => {
  const STEPS = ["revoke.stored", "revoke.told", "revoke.sent", "revoke.mined"] as const;
  test.each(STEPS.map((step, i) => [step, i] as const))(
    "at %s has stopped everywhere, once",
    async (step, i) => {
      const subject = subjectOf(i);
      const word = await signRevocation(
        network.deployment,
        { dataset: dataset.asset, subject: subject.address, nonce: 0 },
        subject,
      );
      const answer = await killAt(2, [step], () => sendRevocation(target(2), word));
      const acknowledged = !(answer instanceof Error);
      if (step === "revoke.stored" || step === "revoke.told") expect(acknowledged).toBe(false);
      // Without sending it again: what the gateway has stored is denied there, passed on, and brought on chain.
      await until(async () => (await slotOf(subject.address)).nonce > word.message.maxNonce, 40);
      for (const index of [1, 2, 3]) {
        // A gateway that was not told before the revocation was final has no more need to be: the chain denies.
        await until(async () => {
          const known = await withDb(index, (db) =>
            db.selectFrom("revocations").selectAll().where("subject", "=", low(subject.address)).execute(),
          );
          return known.length === 1 || (await isFinal(word.message));
        }, 40);
      }
      const { publicClient, deployment } = network.reader;
      const changes = await publicClient.getContractEvents({
        address: deployment.contracts.ConsentRegistry,
        abi: consentRegistryAbi,
        eventName: "ConsentChanged",
        args: { dataset: dataset.asset, subject: subject.address },
        fromBlock: 0n,
      });
      expect(changes).toHaveLength(1);
      expect(await sendRevocation(target(2), word)).toMatchObject({ status: "on chain" });
    },
  );

  test("is in no later cohort", async () => {
    const placed = await place(OrderKind.Analysis);
    await submitJob(placed.executor, placed.submission);
    expect((await resultOf(network, placed, buyer)).receipt.cohort).toBe(SIZE - STEPS.length);
  });
});

describe("a person whose record is erased at a gateway that is killed", () => {
  const leafOf = (i: number) =>
    dataset.built.manifest.entries.find(({ leaf }) => leaf.subject === low(subjectOf(i).address))!.leaf;
  const wishOf = (i: number) => signErasure(target(2), { dataset: dataset.asset, signer: subjectOf(i) });
  const sharesLeft = (index: number, recordId: Hex) =>
    withDb(index, (db) =>
      db.selectFrom("key_shares").select("record_id").where("record_id", "=", recordId).execute(),
    );

  async function assertErased(i: number): Promise<void> {
    const { recordId, content } = leafOf(i);
    for (const index of [1, 2, 3]) {
      expect(await sharesLeft(index, recordId)).toEqual([]);
      const { entries } = await getAccessLog(target(index), { dataset: dataset.asset, signer: subjectOf(i) });
      expect(entries.filter(({ action }) => action === "erase")).toHaveLength(1);
    }
    await expect(getBlob(target(1), cidFromDigest(content))).rejects.toMatchObject({
      code: "GATEWAY_BLOB_UNKNOWN",
    });
  }

  test("at every step of it has it erased everywhere, once, without asking again", async () => {
    const wish = await wishOf(10);
    const steps = [
      "erase.stored",
      "erase.tombstone",
      "erase.unshared",
      "erase.removed",
      "erase.signed",
    ] as const;
    const answer = await killAt(2, steps, () => eraseRecords(target(2), wish));
    expect(answer).toMatchObject({ code: "GATEWAY_UNREACHABLE" });
    const { recordId } = leafOf(10);
    expect(await sharesLeft(2, recordId)).toEqual([]);
    await until(
      async () => (await sharesLeft(1, recordId)).length + (await sharesLeft(3, recordId)).length === 0,
      40,
    );
    expect(await eraseRecords(target(2), wish)).toMatchObject({ status: "erased" });
    await assertErased(10);
  });

  test("when another gateway has confirmed it keeps that receipt", async () => {
    const wish = await wishOf(11);
    await killAt(2, ["erase.told"], () => eraseRecords(target(2), wish));
    const { status, receipts } = await eraseRecords(target(2), wish);
    expect(status).toBe("erased");
    expect(receipts.map(({ receipt }) => receipt.gateway).toSorted()).toEqual([1, 2, 3]);
    await assertErased(11);
  });
});

describe("the log of a gateway that is killed", () => {
  const stranger = privateKeyToAccount(keccak256(toHex("stranger of the fault tests")));
  let order: Hex;
  /** A refusal, which is a decision. */
  const decide = () => getResult(target(3), { id: order, signer: stranger });
  const logged = () =>
    withDb(3, async (db) => (await db.selectFrom("log_state").select("size").executeTakeFirstOrThrow()).size);

  test("holds each decision once, and is covered on chain", async () => {
    const placed = await place(OrderKind.Analysis);
    order = placed.id;
    const before = await logged();
    await killAt(3, ["log.appended"], decide);
    expect(await logged()).toBe(before + 1);
    await killAt(3, ["checkpoint.signed", "checkpoint.sent"], decide);
    const size = await logged();
    await until(async () => Number((await readCheckpoint(network.reader, 3))?.size ?? 0) >= size, 30);
    expect(await auditGateway(network.reader, target(3), { promises: [], entries: true })).toMatchObject({
      ok: true,
      findings: [],
    });
  });
});

describe("a standing order whose executor is killed", () => {
  const executor = () => target(1);

  /** Opens a mandate on the version that stands. */
  async function open() {
    const { id, mandate, submission } = await openMandate(network, { buyer, asset: dataset.asset });
    return { id, mandate, handIn: () => submitMandate(executor(), submission) };
  }

  test.each<[string, readonly DurableStep[]]>([
    ["before its run is mined", ["mandate.stored", "run.sent"]],
    ["between its run and its order", ["run.mined"]],
  ])("%s has one run of the version, delivered once", async (_, steps) => {
    const { id, mandate, handIn } = await open();
    const before = (await sentInputs(network, 1, mandatesAbi, "run")).length;
    const answer = await killAt(1, steps, handIn);
    if (steps.includes("mandate.stored")) expect(answer).toMatchObject({ code: "GATEWAY_UNREACHABLE" });
    // Handing it in again, as its buyer would without an answer, changes nothing.
    await handIn();
    await until(async () => (await readMandateStatus(network.reader, id)).runs === 1);
    const [run] = await findRuns(network.reader, id);
    expect(run).toMatchObject({ number: 1, version: 1 });
    await until(async () => Boolean(await getOrder(executor(), run!.order)));
    expect((await waitForOrder(executor(), { id: run!.order })).state).not.toBe("failed");
    expect(await escrowEvents(network, "OrderDelivered", { id: run!.order })).toBe(1);
    await cancelMandate(network.as(buyer), { mandate });
    expect(await findRuns(network.reader, id)).toHaveLength(1);
    expect(await sentInputs(network, 1, mandatesAbi, "run")).toHaveLength(before + 1);
  });
});

describe("rewards whose gateway is killed", () => {
  /** Only gateway 1 looks after rewards here, so that it is known who is to be killed; the others sign when asked. */
  const TENDING = { SALUS_REWARD_SECONDS: "2" };
  let key: { dataset: bigint; token: Address };
  let good: Uint8Array;

  beforeAll(async () => {
    key = { dataset: dataset.asset, token: network.deployment.contracts.TestDollar! };
    // What is paid out from here on would be collected a second time.
    await until(() =>
      withDb(1, async (db) => {
        const open = db.selectFrom("orders").select("id").where("state", "not in", ["settled", "failed"]);
        return (await open.execute()).length === 0;
      }),
    );
  });

  const sent = (functionName: string) =>
    sentInputs(network, 1, [...contributorRewardsAbi, ...payoutsAbi] as Abi, functionName);
  const eventsOf = <Name extends "RootPosted" | "RootVoided" | "LeafShown" | "LeafDemanded">(
    eventName: Name,
  ) =>
    network.reader.publicClient.getContractEvents({
      address: network.deployment.contracts.ContributorRewards,
      abi: contributorRewardsAbi,
      eventName,
      fromBlock: 0n,
      strict: true,
    });
  const isPending = async () => {
    const last = await readLastRoot(network.reader, key);
    return last !== undefined && isRoot(last) && (last.challenges > 0 || last.claimableAt > (await time()));
  };
  /** The chain's clock goes on by the time that there is to challenge and to show. */
  async function windowPasses(): Promise<void> {
    const later = (await time()) + WINDOW;
    await network.rpc("evm_increaseTime", [WINDOW + 1]);
    await until(async () => (await time()) > later);
  }
  const time = async () => Number((await network.reader.publicClient.getBlock()).timestamp);

  /** Posts what two gateways signed and should not have. */
  async function postWrong(
    wrong: Pick<RewardRoot, "root" | "total" | "count" | "leafFile">,
  ): Promise<number> {
    const epoch = Number(await network.reader.publicClient.getBlockNumber()) - 1;
    const root: RewardRoot = { ...key, epoch, ...wrong };
    const signatures = await Promise.all(
      [2, 3].map(async (index) => {
        const signer = privateKeyToAccount(gateway(index).keys.signerKey);
        const signature = await signStruct(network.deployment, "RewardRoot", root, signer);
        return { gateway: index, signature };
      }),
    );
    await postRewardRoot(network.as(buyer), { root, signatures });
    return epoch;
  }

  test("posts a root once, with all that was earned, though a gateway that signs is killed too", async () => {
    await gateway(1).stop();
    gateway(2).crashAt("root.checked");
    await killAt(
      1,
      ["collect.sent", "root.kept", "root.sent"],
      async () => gateway(1).launch(TENDING),
      TENDING,
    );
    await deathAt(2, "root.checked");
    await gateway(2).start();
    await until(isPending);
    expect(await eventsOf("RootPosted")).toHaveLength(1);
    expect(await sent("postRoot")).toHaveLength(1);
    // Pots that are empty are not sent for again.
    expect(await sent("collect")).toHaveLength(1);
    const { funded } = await readRewardAccount(network.reader, key);
    const { total, leafFile } = (await withFile(
      network.reader,
      key,
      (await readLastRoot(network.reader, key))!,
    ))!;
    // All that is divided, but for what floors leave of each order.
    expect(funded - total).toBeLessThan(BigInt(SIZE * (placedOrders.length + 10)));
    expect(total).toBeGreaterThan(0n);
    good = await getBlob(target(1), cidFromDigest(leafFile));
  });

  test("shows a demanded leaf once", async () => {
    gateway(1).crashAt("show.sent");
    await demandLeaf(network.as(buyer), { ...key, index: 3 });
    await deathAt(1, "show.sent");
    await gateway(1).start(TENDING);
    await until(async () => (await eventsOf("LeafShown")).length > 0);
    await windowPasses();
    expect(await isPending()).toBe(false);
    const shown = await eventsOf("LeafShown");
    expect(shown.map(({ args }) => args.index)).toEqual([3]);
    expect(await sent("showLeaf")).toHaveLength(1);
    const claimable = (await readClaimableRoot(network.reader, key))!;
    expect(claimable.leafFile).toBe(digestOfBytes(good));
  });

  test("demands one leaf of a root that nobody can rebuild, and voids it once", async () => {
    gateway(1).crashAt("demand.sent");
    const { total } = (await readClaimableRoot(network.reader, key))!;
    const epoch = await postWrong({
      root: keccak256(toHex("a root over nothing that anybody knows")),
      total,
      count: 12,
      leafFile: keccak256(toHex("no file")),
    });
    // What was sent is in no block until the gateway is back and looks again.
    await network.rpc("evm_setIntervalMining", [0]);
    await deathAt(1, "demand.sent");
    gateway(1).crashAt("void.sent");
    gateway(1).launch(TENDING);
    await until(async () => (await fetch(`${gateway(1).url}/health`)).ok);
    await sleep(1500); // some looks of the gateway: whatever it would send by mistake waits with the first
    await network.rpc("evm_setIntervalMining", [1]);
    await until(async () => (await eventsOf("LeafDemanded")).length === 2);
    await windowPasses();
    await deathAt(1, "void.sent");
    await gateway(1).start(TENDING);
    await until(async () => (await eventsOf("RootVoided")).length === 1);
    expect((await eventsOf("RootVoided")).map(({ args }) => args.epoch)).toEqual([epoch]);
    expect(await eventsOf("LeafDemanded")).toHaveLength(2); // the buyer's of before, and this one
    expect(await sent("demandLeaf")).toHaveLength(1);
    expect(await sent("voidUnshown")).toHaveLength(1);
  });

  test("proves a root wrong once", async () => {
    const wrong = swapLeaves(good);
    const { root, total, count } = readRewardFile(wrong).tree();
    const upload = await uploadTokenFor(network, { asset: dataset.asset, salt: dataset.listing.salt });
    await putBlob(target(2), { bytes: wrong, upload });
    gateway(1).crashAt("challenge.sent");
    await postWrong({ root, total, count, leafFile: digestOfBytes(wrong) });
    await deathAt(1, "challenge.sent");
    await gateway(1).start(TENDING);
    await until(async () => (await eventsOf("RootVoided")).length === 2);
    expect(await sent("challengeDisorder")).toHaveLength(1);
    // What stands is what stood before, and nothing was posted in its place.
    expect((await readClaimableRoot(network.reader, key))!.leafFile).toBe(digestOfBytes(good));
    expect(await sent("postRoot")).toHaveLength(1);
  });

  const digestOfBytes = (bytes: Uint8Array): Hex => sha256(bytes);

  /** A file whose first two leaves stand in the wrong order. */
  function swapLeaves(bytes: Uint8Array): Uint8Array {
    const start = bytes.indexOf(10) + 1;
    const leaf = (i: number) => bytes.subarray(start + i * LEAF_BYTES, start + (i + 1) * LEAF_BYTES);
    return Buffer.concat([
      bytes.subarray(0, start),
      leaf(1),
      leaf(0),
      bytes.subarray(start + 2 * LEAF_BYTES),
    ]);
  }
});

test("every durable step had a gateway killed at it", () => {
  expect([...killedAt].toSorted()).toEqual(Object.keys(DURABLE_STEPS).toSorted());
});

/** Whether the slot of a revocation's subject lies above it in the finalized block. */
async function isFinal({ subject, maxNonce }: { subject: Address; maxNonce: number }): Promise<boolean> {
  const { number } = await network.reader.publicClient.getBlock({ blockTag: "finalized" });
  const about = { dataset: dataset.asset, subjects: [subject], blockNumber: number };
  return (await readSlots(network.reader, about))[0]!.nonce > maxNonce;
}

async function slotOf(subject: Address) {
  return (await readSlots(network.reader, { dataset: dataset.asset, subjects: [subject] }))[0]!;
}

function low(address: Address): Address {
  return address.toLowerCase() as Address;
}
