/** The loop of the marketplace on the one-command stack, as its clients live it: through the SDK, no mocks. */
import { setTimeout as sleep } from "node:timers/promises";
import { parseEventLogs } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import {
  DUO,
  OrderKind,
  OrderState,
  leafRoot,
  openRecord,
  cidFromDigest,
  readOrderStatus,
  readSlots,
  recordLeaf,
  refundOrder,
  signRevocation,
  testDollarAbi,
  verifyReceipt,
} from "@salus/sdk";
import {
  getAccessLog,
  getBlob,
  releaseShares,
  sendRevocation,
  submitJob,
  waitForOrder,
} from "@salus/sdk/gateway/index";
import { DemoStack } from "../support/demo-stack.ts";

const DOLLAR = 1_000_000n;
const HISTOGRAM = {
  analysis: "histogram",
  version: 1,
  tables: "fhir-r4/1",
  parameters: {
    column: "systolic-blood-pressure",
    edges: [90, 110, 120, 130, 140, 150, 180],
    filter: [],
    epsilon: { numerator: 1, denominator: 1 },
  },
};
const COUNT = {
  analysis: "count",
  version: 1,
  tables: "fhir-r4/1",
  parameters: { filter: [], epsilon: { numerator: 1, denominator: 1 } },
};

let demo: DemoStack;
beforeAll(() => {
  demo = new DemoStack();
});

async function expectCode(work: Promise<unknown>, code: string): Promise<{ hint: string; message: string }> {
  const error = await work.then(
    () => undefined,
    (cause: { code: string; hint: string; message: string }) => cause,
  );
  expect(error, `expected ${code}`).toMatchObject({ code });
  expect(error!.hint.length).toBeGreaterThan(10);
  return error!;
}

describe("analysis", () => {
  test("a permitted histogram is noised, sealed to the buyer, and its receipt verifies with nobody's help", async () => {
    const buyer = demo.wallet("researcher");
    const placed = await demo.order({
      buyer,
      hospital: "st-anna",
      kind: OrderKind.Analysis,
      spec: HISTOGRAM,
    });
    const { receipt, opened } = await demo.result(buyer, placed);
    expect(opened.result).toMatchObject({
      kind: "histogram",
      column: "systolic-blood-pressure",
      minimumCell: 10,
    });
    const { cells } = opened.result as { cells: (number | null)[] };
    expect(cells).toHaveLength(6);
    for (const cell of cells) expect(cell === null || cell >= 10).toBe(true);
    expect(receipt.cohort).toBe((await demo.untouched("st-anna")).length);
    const files = await demo.filesOf("st-anna", placed.id, placed.order);
    const verification = await verifyReceipt(demo.reader, placed.id, files);
    expect(verification.checks.filter(({ ok }) => !ok)).toEqual([]);
    const settled = await waitForOrder(placed.executor, {
      id: placed.id,
      until: ["settled"],
      timeout: 60_000,
    });
    expect(settled.state).toBe("settled");
    expect((await readOrderStatus(demo.reader, placed.id)).state).toBe(OrderState.Settled);
  });

  test("the same order sent twice is one job", async () => {
    const buyer = demo.wallet("researcher");
    const placed = await demo.order({ buyer, hospital: "st-anna", kind: OrderKind.Analysis, spec: COUNT });
    await submitJob(placed.executor, placed.submission);
    const { receipt } = await demo.result(buyer, placed);
    await submitJob(placed.executor, placed.submission);
    const again = await demo.result(buyer, placed);
    expect(again.receipt).toEqual(receipt);
  });

  test("an unfunded order is refused, and so is a job other than the one ordered", async () => {
    const buyer = demo.wallet("researcher");
    const placed = await demo.order({
      buyer,
      hospital: "st-anna" as const,
      kind: OrderKind.Analysis,
      spec: COUNT,
      submit: false,
    });
    const unfunded = { ...placed.order, salt: `0x${"ab".repeat(32)}` as const };
    const { hashStruct } = await import("@salus/sdk");
    const id = hashStruct(demo.deployment, "Order", unfunded);
    await expectCode(
      submitJob(placed.executor, { ...placed.submission, id, order: unfunded }),
      "GATEWAY_ORDER_NOT_FUNDED",
    );
    await expectCode(
      submitJob(placed.executor, { ...placed.submission, spec: HISTOGRAM }),
      "GATEWAY_JOB_MISMATCH",
    );
    await submitJob(placed.executor, placed.submission);
    await demo.result(buyer, placed);
  });

  test("an order that nobody delivers is refunded whole after its deadline", async () => {
    const buyer = demo.wallet("researcher");
    const token = { address: demo.deployment.contracts.TestDollar!, abi: testDollarAbi } as const;
    const args = [buyer.walletClient.account.address] as const;
    const balance = () =>
      demo.reader.publicClient.readContract({ ...token, functionName: "balanceOf", args });
    const before = await balance();
    const placed = await demo.order({
      buyer,
      hospital: "st-anna" as const,
      kind: OrderKind.Analysis,
      spec: COUNT,
      submit: false,
      deliverWithin: 6,
    });
    expect(before - (await balance())).toBe(placed.total);
    for (;;) {
      const { timestamp } = await demo.reader.publicClient.getBlock();
      if (Number(timestamp) > placed.order.deliverBy) break;
      await sleep(500);
    }
    const { logs } = await refundOrder(demo.wallet("clinic"), placed.order);
    // From the transaction itself: other orders of the same buyer may be settled meanwhile.
    const back = parseEventLogs({ abi: testDollarAbi, eventName: "Transfer", logs });
    expect(back.map(({ args: { to, value } }) => ({ to, value }))).toEqual([
      { to: buyer.walletClient.account.address, value: placed.total },
    ]);
  });

  test("a purpose that the terms forbid is refused on chain, with the reason", async () => {
    const request = {
      buyer: demo.wallet("developer"),
      hospital: "st-anna" as const,
      kind: OrderKind.Analysis,
    };
    const forbidden = demo.order({ ...request, spec: COUNT, uses: DUO.USE_HEALTH | DUO.COMMERCIAL });
    const { message } = await expectCode(forbidden, "AccessEscrow_PurposeNotPermitted");
    expect(message).toContain("these data may not be used for commercial ends");
  });
});

describe("stopping", () => {
  test("a patient sees the use, stops sharing at any gateway, and the next receipt leaves out exactly that record", async () => {
    const buyer = demo.wallet("researcher");
    const patient = await demo.sharingPatient("st-anna");
    const dataset = demo.dataset("st-anna");
    const sharing = await demo.untouched("st-anna");
    const first = await demo.order({ buyer, hospital: "st-anna", kind: OrderKind.Analysis, spec: COUNT });
    const before = await demo.result(buyer, first);
    const custodian = await demo.gateway("st-anna");
    const { entries } = await getAccessLog(custodian, { dataset, signer: patient });
    expect(
      entries.filter(({ order, decision }) => order === first.id && decision === "permitted"),
    ).not.toEqual([]);

    const [slot] = await readSlots(demo.reader, { dataset, subjects: [patient.address] });
    const revocation = await signRevocation(
      demo.deployment,
      { dataset, subject: patient.address, nonce: slot!.nonce },
      patient,
    );
    await sendRevocation(await demo.gateway("north-clinic"), revocation);

    const second = await demo.order({ buyer, hospital: "st-anna", kind: OrderKind.Analysis, spec: COUNT });
    const after = await demo.result(buyer, second);
    const { records } = await demo.files("st-anna", second.order);
    const files = await demo.filesOf("st-anna", second.id, second.order);
    const { cohort, ok } = await verifyReceipt(demo.reader, second.id, files);
    expect(ok).toBe(true);
    const gone = records.filter(
      ({ recordId }) => !cohort!.records.some((kept) => kept.recordId === recordId),
    );
    expect(gone.map(({ subject }) => subject.toLowerCase())).toContain(patient.address.toLowerCase());
    expect(before.receipt.cohort - after.receipt.cohort).toBe(1);
    const others = sharing.filter(({ subject }) => subject.toLowerCase() !== patient.address.toLowerCase());
    expect(after.receipt.inputRoot).toBe(leafRoot(recordLeaf, others));
    for (let tries = 0; tries < 40; tries++) {
      const [now] = await readSlots(demo.reader, { dataset, subjects: [patient.address] });
      if (now!.changedAt !== 0) return expect(now!.purposes).toBe(0n);
      await sleep(500);
    }
    throw new Error("the revocation never came on chain");
  });
});

describe("download", () => {
  test("two gateways' key shares open the permitted records and refuse the one whose person stopped", async () => {
    const buyer = demo.wallet("researcher");
    const patient = await demo.sharingPatient("st-anna");
    const dataset = demo.dataset("st-anna");
    const placed = await demo.order({ buyer, hospital: "st-anna", kind: OrderKind.Download });
    const view = await waitForOrder(placed.executor, { id: placed.id });
    expect(view.state).toBe("delivered");
    await sleep(3000); // final two blocks later
    const [slot] = await readSlots(demo.reader, { dataset, subjects: [patient.address] });
    const word = { dataset, subject: patient.address, nonce: slot!.nonce };
    await sendRevocation(
      await demo.gateway("lakeside"),
      await signRevocation(demo.deployment, word, patient),
    );

    const { manifest } = await demo.files("st-anna", placed.order);
    const release = async (hospital: "st-anna" | "lakeside" | "north-clinic") =>
      releaseShares(await demo.gateway(hospital), {
        id: placed.id,
        order: placed.order,
        signer: buyer.walletClient,
        recipientKey: placed.recipientKey,
        escrow: demo.deployment.contracts.AccessEscrow,
      });
    const [one, two] = [await release("st-anna"), await release("lakeside")];
    const own = manifest.entries.find(
      ({ leaf }) => leaf.subject.toLowerCase() === patient.address.toLowerCase(),
    )!;
    for (const { refused } of [one, two]) {
      expect(refused.find(({ recordId }) => recordId === own.leaf.recordId)).toMatchObject({
        code: "GATEWAY_CONSENT_REVOKED",
      });
    }
    const entry = manifest.entries.find(({ leaf }) => one.shares.some((s) => s.recordId === leaf.recordId))!;
    const shares = [one, two].map(({ gateway, shares: all }) => {
      const { share, salt } = all.find(({ recordId }) => recordId === entry.leaf.recordId)!;
      return { gateway, share, salt };
    });
    const envelope = await getBlob(placed.executor, cidFromDigest(entry.leaf.content));
    const { plaintext } = await openRecord({ context: manifest, entry, envelope, shares });
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toMatchObject({ resourceType: "Bundle" });

    const tampered = envelope.slice();
    tampered[tampered.length - 1]! ^= 1;
    await expectCode(
      openRecord({ context: manifest, entry, envelope: tampered, shares }),
      "SDK_CIPHERTEXT_TAMPERED",
    );
    const liar = shares.map((s, i) => (i === 1 ? { ...s, share: s.share.map((b) => b ^ 1) } : s));
    const wrong = await expectCode(
      openRecord({ context: manifest, entry, envelope, shares: liar }),
      "SDK_WRONG_SHARE",
    );
    expect(wrong).toMatchObject({ details: { gateway: two.gateway } });
    const settled = await waitForOrder(placed.executor, {
      id: placed.id,
      until: ["settled"],
      timeout: 60_000,
    });
    expect(settled.state).toBe("settled");
    const { released, cohort } = await readOrderStatus(demo.reader, placed.id);
    expect(cohort - released).toBe(1);
    expect(placed.total).toBe(40n * DOLLAR + (40n * DOLLAR * 2n) / 100n);
  });
});
