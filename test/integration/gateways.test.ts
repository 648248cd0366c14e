/** Three gateways as processes, on a real chain and a real database: from listing to the result, and what goes wrong. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { privateKeyToAccount } from "viem/accounts";
import { keccak256, toHex } from "viem";
import { OrderKind, recordLeaf, leafRoot, verifyReceipt } from "@salus/sdk";
import { COUNT, endow, listPatients, placeOrder, resultOf, type Dataset } from "../support/gateway-market.ts";
import { startGatewayNetwork, type GatewayNetwork } from "../support/gateway-network.ts";

const buyer = privateKeyToAccount(keccak256(toHex("buyer of the gateway tests")));
let network: GatewayNetwork;
let dataset: Dataset;

beforeAll(async () => {
  network = await startGatewayNetwork(24_000);
  await endow(network, buyer);
  dataset = await listPatients(network, 20);
}, 120_000);

afterAll(async () => {
  if (process.env["SALUS_SHOW_LOGS"]) {
    for (const { logFile } of network?.gateways ?? []) console.log(readFileSync(logFile, "utf8"));
  }
  await network?.stop();
});

describe("a job", () => {
  test("becomes a receipt, a delivery and a sealed result that two gateways hold", async () => {
    const placed = await placeOrder(network, {
      buyer,
      asset: dataset.asset,
      kind: OrderKind.Analysis,
      spec: COUNT,
    });
    const { receipt, opened } = await resultOf(network, placed, buyer);
    expect(opened.result).toMatchObject({ kind: "count", minimumCell: 10, cohortSize: 20 });
    const records = dataset.built.manifest.entries.map(({ leaf }) => leaf);
    expect(receipt.inputRoot).toBe(leafRoot(recordLeaf, records));
    const files = { records, consents: dataset.built.consentLeaves, excluded: [] };
    const { checks } = await verifyReceipt(network.reader, placed.id, files);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });
});
