/** What outlives a stop and a kill: the chain, the records, the index, and work that a gateway had taken on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStack, type Stack } from "../../scripts/stack/stack.ts";
import { DemoStack } from "../support/demo-stack.ts";
import { portsFrom } from "../support/ports.ts";
import { OrderKind, readAsset, verifyReceipt } from "@salus/sdk";
import { submitJob, waitForOrder } from "@salus/sdk/gateway/index";

const COUNT = {
  analysis: "count",
  version: 1,
  tables: "fhir-r4/1",
  parameters: { filter: [], epsilon: { numerator: 1, denominator: 1 } },
};
/** A cohort of each of three hospitals, and the study of one of them. */
const DATASETS = 4;
const root = join(import.meta.dirname, "../..");
const stateDir = mkdtempSync(join(tmpdir(), "salus-faults-"));
/** Apart from those of the end-to-end tests, which may run at the same time. */
const ports = portsFrom(28_400);
let stack: Stack;

function start(): Promise<Stack> {
  return startStack({ root, stateDir, ports, say: (line) => console.log(`faults: ${line}`) });
}

function demoOf({ urls }: Stack): DemoStack {
  return new DemoStack({
    rpcUrl: urls.rpc,
    webUrl: urls.web,
    subgraphUrl: urls.subgraph,
    gateways: urls.gateways,
    deploymentFile: join(stateDir, "deployment.json"),
    stateDir,
  });
}

/** What the subgraph knows; nothing while it is still starting. */
async function datasetsIn({ urls }: Stack): Promise<number | undefined> {
  const query = "{ assets(where: {kind: Dataset}) { id } }";
  const response = await fetch(urls.subgraph, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data?: { assets: unknown[] } };
  return data?.assets.length;
}

beforeAll(async () => {
  stack = await start();
});
afterAll(async () => {
  await stack?.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

describe("the stack", () => {
  test("after a stop and a start everything is still there, and orders go on", async () => {
    const demo = demoOf(stack);
    const buyer = demo.wallet("researcher");
    const first = await demo.order({ buyer, hospital: "st-anna", kind: OrderKind.Analysis, spec: COUNT });
    const before = await demo.result(buyer, first);
    await stack.stop();
    stack = await start();
    const again = demoOf(stack);
    expect(await readAsset(again.reader, again.dataset("st-anna"))).toMatchObject({ cfg: { count: 100 } });
    await expect.poll(() => datasetsIn(stack), { timeout: 60_000 }).toBe(DATASETS);
    const view = await waitForOrder(await again.gateway("st-anna"), { id: first.id });
    expect(view.receipt).toEqual(before.view.receipt);
    const files = await again.filesOf("st-anna", first.id, first.order);
    expect(await verifyReceipt(again.reader, first.id, files)).toMatchObject({ ok: true });
    const second = await again.order({
      buyer: again.wallet("researcher"),
      hospital: "st-anna",
      kind: 1,
      spec: COUNT,
    });
    expect((await again.result(again.wallet("researcher"), second)).receipt.cohort).toBe(
      before.receipt.cohort,
    );
  });

  test("a stopped gateway does not stop a job: the third one signs", async () => {
    const demo = demoOf(stack);
    await stack.stopService("gateway-lakeside");
    const buyer = demo.wallet("researcher");
    const placed = await demo.order({ buyer, hospital: "st-anna", kind: OrderKind.Analysis, spec: COUNT });
    expect((await demo.result(buyer, placed)).receipt.cohort).toBe(100);
    await stack.startService("gateway-lakeside");
  });

  test("a stopped custodian is said in plain words, and its order can be sent when it is back", async () => {
    const demo = demoOf(stack);
    const buyer = demo.wallet("researcher");
    await stack.stopService("gateway-st-anna");
    const placed = await demo.order({ buyer, hospital: "st-anna", kind: 1, spec: COUNT, submit: false });
    const error = await submitJob(placed.executor, placed.submission).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "GATEWAY_UNREACHABLE", hint: expect.stringMatching(/\w+/) });
    await stack.startService("gateway-st-anna");
    await submitJob(placed.executor, placed.submission);
    expect((await demo.result(buyer, placed)).receipt.cohort).toBe(100);
  });

  test("kill -9 of a gateway in the middle of a job, and of graph-node: the next start recovers both", async () => {
    const demo = demoOf(stack);
    const buyer = demo.wallet("researcher");
    const placed = await demo.order({ buyer, hospital: "st-anna", kind: OrderKind.Analysis, spec: COUNT });
    process.kill(stack.pidOf("gateway-st-anna")!, "SIGKILL");
    process.kill(stack.pidOf("graph-node")!, "SIGKILL");
    await stack.failed;
    stack = await start();
    const again = demoOf(stack);
    const view = await waitForOrder(await again.gateway("st-anna"), { id: placed.id, timeout: 90_000 });
    // Delivered if the deadline allowed it; never lost, never twice.
    expect(["delivered", "settled", "failed"]).toContain(view.state);
    await expect.poll(() => datasetsIn(stack), { timeout: 60_000 }).toBe(DATASETS);
    const next = await again.order({
      buyer: again.wallet("researcher"),
      hospital: "st-anna",
      kind: 1,
      spec: COUNT,
    });
    expect((await again.result(again.wallet("researcher"), next)).receipt.cohort).toBe(100);
  });
});
