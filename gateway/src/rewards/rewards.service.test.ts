import { keccak256, toHex, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { signStruct } from "@salus/sdk/chain/sign-struct";
import type { CosignRewardsRequest } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { contributorRewardsAbi } from "@salus/sdk/generated/abis";
import { settleOrder } from "@salus/sdk/orders/settle-order";
import { demandLeaf, showLeaf, voidUnshown } from "@salus/sdk/rewards/demand-leaf";
import { postRewardRoot } from "@salus/sdk/rewards/post-root";
import { proveAt } from "@salus/sdk/rewards/prove-reward";
import {
  isRoot,
  readClaimableRoot,
  readLastRoot,
  readRewardAccount,
  type RewardKey,
  withFile,
} from "@salus/sdk/rewards/read-roots";
import { readRewardFile } from "@salus/sdk/rewards/reward-file";
import { compareSubjects } from "@salus/sdk/rewards/reward-leaf";
import type { RewardRoot } from "@salus/sdk/types";
import { type GatewayApp, startGatewayApp } from "../../../test/support/gateway-app.ts";
import {
  contributors,
  deliveredOrder,
  openMarket,
  receiptFor,
  relayer,
} from "../../../test/support/delivered-order.ts";
import { startLocalChain } from "../../../test/support/local-chain.ts";
import { overtakenBy } from "../../../test/support/relaying.ts";
import type { Context } from "../context.ts";
import { postRewards } from "./post-rewards.ts";
import { watchRewards } from "./watch-rewards.ts";

const SET = { members: [1, 2, 3], threshold: 2 };
const HOUR = 3600;
let world: GatewayApp;
let key: RewardKey;

beforeAll(async () => {
  world = await startGatewayApp(29_300, undefined, () =>
    startLocalChain({}, undefined, { dispute: HOUR, maxDelivery: HOUR }),
  );
  const { chain, context } = world;
  await openMarket(chain);
  const { order } = await deliveredOrder(chain);
  key = { dataset: order.asset, token: chain.deployment.contracts.TestDollar! };
  // Who contributed is kept from the version's own file; here it is known from the order's making.
  const people = contributors
    .map((each) => ({ ...each, attested: false }))
    .toSorted((a, b) => compareSubjects(a.subject, b.subject));
  const { contributorsRoot } = await receiptFor(chain, order);
  context.contributors.set(contributorsRoot, () => [people]);
  await chain.advance(HOUR + 1);
  await settleOrder(chain.as(relayer), order);
  vi.stubGlobal("fetch", cosigner());
}, 120_000);
afterAll(async () => {
  vi.unstubAllGlobals();
  await world?.stop();
});

/** The other two gateways, who sign whatever they are asked to and have no files. */
function cosigner(): typeof fetch {
  return async (url, init) => {
    if (!init?.body) return Response.json({ code: "GATEWAY_BLOB_UNKNOWN" }, { status: 404 });
    const index = Number(new URL(String(url)).port) - 7000;
    const { root } = JSON.parse(Buffer.from(init.body as Uint8Array).toString()) as CosignRewardsRequest;
    const { signer } = world.chain.gateways[index - 1]!;
    const signature = await signStruct(
      world.chain.deployment,
      "RewardRoot",
      fromWire("RewardRoot", root),
      signer,
    );
    return Response.json({ gateway: index, signature });
  };
}

const operator = () => world.chain.as(world.context.keys.operator);
const eventsOf = <Name extends "RootPosted" | "RootVoided" | "LeafShown" | "LeafDemanded">(eventName: Name) =>
  world.chain.reader.publicClient.getContractEvents({
    address: world.chain.deployment.contracts.ContributorRewards,
    abi: contributorRewardsAbi,
    eventName,
    fromBlock: 0n,
    strict: true,
  });
const lastRoot = () => readLastRoot(world.chain.reader, key);
const pending = async () => (await withFile(world.chain.reader, key, (await lastRoot())!))!;
/** The gateway, which has itself sent this before it was killed: it is mined when its turn to send has come. */
const afterSending = (first: () => Promise<unknown>): Context => ({
  ...world.context,
  sender: overtakenBy(world.context.sender, first),
});
const post = async () => postRewards(world.context, key, SET, await lastRoot());
async function passTime(): Promise<void> {
  const { claimableAt } = await pending();
  const { timestamp } = await world.chain.reader.publicClient.getBlock();
  await world.chain.advance(Math.max(1, claimableAt - Number(timestamp) + 1));
}

/** Posts a root that two gateways signed and nobody can rebuild. */
async function postUnknown(): Promise<void> {
  const { total } = (await readClaimableRoot(world.chain.reader, key))!;
  const epoch = Number(await world.chain.reader.publicClient.getBlockNumber());
  const file: Hex = keccak256(toHex(`no file ${epoch}`));
  const root: RewardRoot = { ...key, epoch, root: file, total, count: 12, leafFile: file };
  const signatures = await Promise.all(
    world.chain.gateways.slice(1).map(async ({ index, signer }) => ({
      gateway: index,
      signature: await signStruct(world.chain.deployment, "RewardRoot", root, signer),
    })),
  );
  await postRewardRoot(world.chain.as(relayer), { root, signatures });
}

describe("the gateway whose turn it is", () => {
  it("posts what was earned", async () => {
    await post(); // collects, which the root counts once it is final
    await post();
    const { funded } = await readRewardAccount(world.chain.reader, key);
    // 100 dollars less 20 % for the custodian and 10 % for the curator.
    expect(funded).toBe(70_000_000n);
    // Weights 1, 2 and 3 of 6: 11,666,666, 23,333,333 and 35,000,000.
    expect((await lastRoot())!.total).toBe(69_999_999n);
    expect(await eventsOf("RootPosted")).toHaveLength(1);
  });

  it("shows a demanded leaf unless it was shown when its turn to send came", async () => {
    const { leafFile } = await pending();
    const file = readRewardFile(await world.context.blobs.get(leafFile));
    for (const index of [0, 2]) await demandLeaf(world.chain.as(relayer), { ...key, index });
    const shown = async () => (await eventsOf("LeafShown")).map(({ args }) => args.index).toSorted();
    let first = true;
    const context = afterSending(async () => {
      if (first) await showLeaf(operator(), { ...key, proof: proveAt(file, 0) });
      first = false;
    });
    await watchRewards(context, key, SET, await pending());
    expect(await shown()).toEqual([0, 2]);
  });

  it("does not post the root that stands again", async () => {
    await passTime();
    const standing = (await readClaimableRoot(world.chain.reader, key))!.hash;
    expect((await lastRoot())!.hash).toBe(standing);
    await post();
    await world.chain.advance(60);
    await post();
    expect(await eventsOf("RootPosted")).toHaveLength(1);
  });

  it("demands no second leaf of a root when its turn to send comes and one is demanded", async () => {
    await postUnknown();
    const context = afterSending(() => demandLeaf(operator(), { ...key, index: 5 }));
    await watchRewards(context, key, SET, await pending());
    expect((await eventsOf("LeafDemanded")).map(({ args }) => args.index)).toEqual([0, 2, 5]);
  });

  it("voids a root once", async () => {
    await passTime();
    const context = afterSending(() => voidUnshown(operator(), { ...key, index: 5 }));
    const root = await pending();
    await world.chain.advance(root.claimableAt);
    await watchRewards(context, key, SET, root);
    expect(await eventsOf("RootVoided")).toHaveLength(1);
    expect(await eventsOf("LeafDemanded")).toHaveLength(3);
    expect(isRoot((await lastRoot())!)).toBe(false);
  });

  it("does not post the root that stands in the place of one that fell", async () => {
    await post();
    await world.chain.advance(60);
    await post();
    expect(await eventsOf("RootPosted")).toHaveLength(2); // the first, and the one that fell
  });
});
