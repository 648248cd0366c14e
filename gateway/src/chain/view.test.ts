import {
  type Abi,
  type AbiEvent,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  type Hex,
  zeroHash,
} from "viem";
import { afterEach, describe, expect, it } from "vitest";
import {
  accessEscrowAbi,
  consentRegistryAbi,
  CONTRACT_NAMES,
  gatewayRegistryAbi,
} from "@salus/sdk/generated/abis";
import type { Deployment } from "@salus/sdk/chain/deployment";
import { findDelivery } from "@salus/sdk/orders/find-delivery";
import { ConfigError } from "../config/config-error.ts";
import { assertChain } from "./assert-chain.ts";
import { openDirectory } from "./directory.ts";
import { type Claims, closeEndpoints, hashOf, openEndpoint } from "./endpoint.fixture.ts";
import { orderStatusAt, slotsAt } from "./reads.ts";
import { MOST_APART, openChainView } from "./view.ts";

const contracts = Object.fromEntries(CONTRACT_NAMES.map((name) => [name, `0x${"11".repeat(20)}`]));
const deployment = { chainId: 31337, startBlock: 0, contracts } as unknown as Deployment;
const HONEST: Claims = { head: 11, finalized: 7 };

afterEach(closeEndpoints);

async function viewOf(...claims: Claims[]) {
  return openChainView(deployment, await Promise.all(claims.map(openEndpoint)));
}

/** A view through an honest endpoint and one that is not, in both orders: which is first must not matter. */
async function bothOrders(other: Claims, honest: Claims = HONEST) {
  return [await viewOf(honest, other), await viewOf(other, honest)];
}

const DISAGREEMENT = { code: "GATEWAY_RPC_DISAGREEMENT" };
const UNAVAILABLE = { code: "GATEWAY_CHAIN_UNAVAILABLE" };

describe("the view of the chain", () => {
  it("asks what is final for each head anew, also for one that a reorganisation brought", async () => {
    const claims = { ...HONEST };
    const view = await viewOf(claims);
    const final = async () => Number((await view.snapshot()).finalized.number);
    expect(await final()).toBe(7);
    claims.finalized = 8;
    expect(await final()).toBe(7); // permissions wait for the next block
    claims.head = 12;
    expect(await final()).toBe(8);
    Object.assign(claims, { finalized: 9, letter: "b", forkAt: 12 });
    expect(await final()).toBe(9);
  });

  it("through one endpoint is what that one says", async () => {
    const { head, finalized } = await (await viewOf({ head: 9, finalized: 7 })).snapshot();
    expect([head.number, finalized.number, head.time]).toEqual([9n, 7n, 100]);
  });

  it("through two is what both have, though one is ahead", async () => {
    const { head, finalized } = await (
      await viewOf({ head: 12, finalized: 7 }, { head: 11, finalized: 8 })
    ).snapshot();
    expect([head.number, finalized.number]).toEqual([11n, 7n]);
  });

  it("bears an endpoint that lags as far as the bound, and no farther", async () => {
    const lagging = (blocks: number) =>
      bothOrders({ head: 100 - blocks, finalized: 7 }, { head: 100, finalized: 90 });
    for (const view of await lagging(Number(MOST_APART))) {
      expect((await view.snapshot()).head.number).toBe(100n - MOST_APART);
    }
    for (const view of await lagging(Number(MOST_APART) + 1)) {
      await expect(view.snapshot()).rejects.toMatchObject(DISAGREEMENT);
    }
  });

  it.each([
    ["the head", 11],
    ["finality", 7],
  ])("is refused when an endpoint is on a fork at %s", async (_, forkAt) => {
    for (const view of await bothOrders({ ...HONEST, letter: "b", forkAt })) {
      await expect(view.snapshot()).rejects.toMatchObject(DISAGREEMENT);
    }
  });

  it("is refused when an endpoint invents blocks far ahead", async () => {
    for (const view of await bothOrders({ head: 1_000_000, finalized: 999_999 })) {
      await expect(view.snapshot()).rejects.toMatchObject(DISAGREEMENT);
    }
  });

  it("counts a permission as final only where every endpoint says so", async () => {
    for (const view of await bothOrders({ head: 11, finalized: 11 })) {
      expect((await view.snapshot()).finalized.number).toBe(7n);
    }
  });

  it("is refused when an endpoint is away, whichever it is", async () => {
    const away = "http://127.0.0.1:1";
    const here = await openEndpoint(HONEST);
    for (const urls of [[away], [away, here], [here, away]]) {
      await expect(openChainView(deployment, urls).snapshot()).rejects.toMatchObject(UNAVAILABLE);
    }
  });
});

describe("an endpoint that lies about the state of a block that both have", () => {
  const subject = `0x${"22".repeat(20)}` as const;
  const slot = { purposes: 1n, expiry: 2_000_000_000, modes: 1, nonce: 0, changedAt: 3 };
  const slots = (purposes: bigint): Hex =>
    encodeFunctionResult({
      abi: consentRegistryAbi,
      functionName: "slotsOf",
      result: [{ ...slot, purposes }],
    });

  it("about a consent is noticed", async () => {
    for (const view of await bothOrders({ ...HONEST, call: slots(1n) }, { ...HONEST, call: slots(0n) })) {
      await expect(slotsAt(view, 7n, [subject], hashOf(11))).rejects.toMatchObject(DISAGREEMENT);
    }
    const honest = await viewOf({ ...HONEST, call: slots(1n) }, { ...HONEST, call: slots(1n) });
    expect((await slotsAt(honest, 7n, [subject], hashOf(11))).get(subject)).toEqual(slot);
  });

  it("about an order is noticed", async () => {
    const status = (state: number): Hex =>
      encodeFunctionResult({
        abi: accessEscrowAbi,
        functionName: "statusOf",
        result: { state, reported: false, feeBps: 0, changedAt: 5, cohort: 0, released: 0 },
      });
    for (const view of await bothOrders({ ...HONEST, call: status(2) }, { ...HONEST, call: status(1) })) {
      await expect(orderStatusAt(view, zeroHash, hashOf(11))).rejects.toMatchObject(DISAGREEMENT);
    }
  });

  it("about a receipt is noticed", async () => {
    const delivered = (mark: number) => ({ ...HONEST, logs: [deliveryLog(mark)] });
    for (const view of await bothOrders(delivered(1), delivered(2))) {
      await expect(view.read((reader) => findDelivery(reader, zeroHash))).rejects.toMatchObject(DISAGREEMENT);
    }
    const same = await viewOf(delivered(1), delivered(1));
    expect((await same.read((reader) => findDelivery(reader, zeroHash))).signers).toEqual([1, 2]);
  });

  it("about whose key a gateway's is is noticed: shares are sealed to it", async () => {
    const admitted = (mark: number) => ({ ...HONEST, logs: [admissionLog(hashOf(mark))] });
    for (const view of await bothOrders(admitted(1), admitted(2))) {
      await expect(openDirectory(view).all()).rejects.toMatchObject(DISAGREEMENT);
    }
    const same = openDirectory(await viewOf(admitted(1), admitted(1)));
    expect((await same.get(1)).sealingKey).toBe(hashOf(1));
  });
});

describe("at its start a gateway", () => {
  it("takes endpoints of the deployment's chain", async () => {
    await assertChain(await viewOf(HONEST, HONEST));
  });

  it.each([[1], [2]])("refuses endpoint %i of another chain, by its place", async (place) => {
    const claims = [HONEST, HONEST];
    claims[place - 1] = { ...HONEST, chainId: 1 };
    const refusal = assertChain(await viewOf(...claims));
    await expect(refusal).rejects.toThrow(ConfigError);
    await expect(refusal).rejects.toThrow(`SALUS_RPC_URLS: endpoint ${place} serves chain 1`);
  });

  it("gives up on an endpoint that stays away, and does not show its address", async () => {
    const view = openChainView(deployment, [await openEndpoint(HONEST), "http://127.0.0.1:1/secret-word"]);
    const refusal = assertChain(view, { patience: 0, pause: 1 });
    await expect(refusal).rejects.toThrow("SALUS_RPC_URLS: not every endpoint answers.");
    await expect(refusal).rejects.not.toThrow("secret-word");
  });
});

/** An event as a node tells it in a log, at block 5. */
function logOf(abi: Abi, eventName: string, args: Record<string, unknown>): object {
  const { inputs } = abi.find((each): each is AbiEvent => each.type === "event" && each.name === eventName)!;
  const plain = inputs.filter(({ indexed }) => !indexed);
  return {
    address: contracts["AccessEscrow"],
    topics: encodeEventTopics({ abi, eventName, args }),
    data: encodeAbiParameters(
      plain,
      plain.map(({ name }) => args[name!]),
    ),
    blockNumber: "0x5",
    blockHash: hashOf(5),
    transactionHash: hashOf(1),
    transactionIndex: "0x0",
    logIndex: "0x0",
    removed: false,
  };
}

/** The delivery of an order; `mark` fills its receipt. */
function deliveryLog(mark: number): object {
  const [word, big] = [hashOf(mark), BigInt(mark)];
  const receipt = {
    order: word,
    job: word,
    algorithm: word,
    parameters: word,
    output: word,
    result: word,
    inputRoot: word,
    contributorsRoot: word,
    totalWeight: big,
    cohort: mark,
    excludedRoot: word,
    grantBlock: mark,
    consentBlock: mark,
    consentBlockHash: word,
    privacyCost: big,
    logs: word,
    attestation: 1,
  };
  return logOf(accessEscrowAbi, "OrderDelivered", { id: zeroHash, asset: 7n, receipt, signers: [1, 2] });
}

function admissionLog(sealingKey: Hex): object {
  const key = `0x${"33".repeat(20)}`;
  const named = { name: "one", url: "https://one.example" };
  const args = { gateway: 1, operator: key, signer: key, sealingKey, ...named };
  return logOf(gatewayRegistryAbi, "GatewayAdmitted", args);
}
