/** From an order's money to the people whose data it used: three gateways build, check, sign and post; people claim. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { keccak256, toHex, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  cidFromDigest,
  contributorRewardsAbi,
  isRoot,
  openRewardFile,
  OrderKind,
  OrderState,
  postRewardRoot,
  proveReward,
  readClaimableRoot,
  readClaimed,
  readLastRoot,
  readOrderStatus,
  readRewardAccount,
  signClaim,
  signStruct,
  testDollarAbi,
  verifyRewards,
  type Claim,
  type CohortFiles,
  type RewardRoot,
} from "@salus/sdk";
import { getExclusions, sendClaim } from "@salus/sdk/gateway/index";
import {
  COUNT,
  deliveryOf,
  endow,
  listPatients,
  placeOrder,
  subjectOf,
  type Dataset,
} from "../support/gateway-market.ts";
import { startGatewayNetwork, until, type GatewayNetwork } from "../support/gateway-network.ts";

const PEOPLE = 12;
const buyer = privateKeyToAccount(keccak256(toHex("buyer of the reward tests")));
const fresh: Address = "0x00000000000000000000000000000000000f4e54";
let network: GatewayNetwork;
let dataset: Dataset;
let key: { dataset: bigint; token: Address };

beforeAll(async () => {
  network = await startGatewayNetwork(21_400, { SALUS_REWARD_SECONDS: "4" });
  await endow(network, buyer);
  dataset = await listPatients(network, PEOPLE);
  key = { dataset: dataset.asset, token: network.deployment.contracts.TestDollar! };
}, 120_000);

afterAll(() => network?.stop());

/** One paid analysis over everybody. */
async function settledOrder(): Promise<Hex> {
  const placed = await placeOrder(network, {
    buyer,
    asset: dataset.asset,
    kind: OrderKind.Analysis,
    spec: COUNT,
  });
  await deliveryOf(placed);
  await until(async () => (await readOrderStatus(network.reader, placed.id)).state === OrderState.Settled);
  return placed.id;
}

async function claimableTotal(total: bigint): Promise<void> {
  await until(async () => (await readClaimableRoot(network.reader, key))?.total === total, 90);
}

async function fileOf(gateway: number, leafFile: Hex): Promise<Uint8Array> {
  const response = await fetch(
    `${network.gateways[gateway]!.url}/ipfs/${cidFromDigest(leafFile)}?format=raw`,
  );
  if (!response.ok) throw new Error(await response.text());
  return new Uint8Array(await response.arrayBuffer());
}

function balanceOf(account: Address): Promise<bigint> {
  return network.reader.publicClient.readContract({
    address: key.token,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [account],
  });
}

function claimOf(i: number, upTo: bigint): Claim {
  const deadline = Math.floor(Date.now() / 1000) + 600;
  return { ...key, subject: subjectOf(i).address, to: fresh, upTo, deadline };
}

test(
  "what an order leaves for people is posted by two gateways and rebuilt by anyone",
  { timeout: 240_000 },
  async () => {
    const id = await settledOrder();
    // 100 dollars less 20 % for the custodian and 10 % for the curator; 70 by 12 leaves four units.
    await claimableTotal(12n * 5_833_333n);
    const root = (await readClaimableRoot(network.reader, key))!;
    const holders = await Promise.all(
      [0, 1, 2].map((gateway) =>
        fileOf(gateway, root.leafFile).then(
          (bytes) => bytes,
          () => undefined,
        ),
      ),
    );
    const copies = holders.filter((bytes) => bytes !== undefined);
    expect(copies.length).toBeGreaterThanOrEqual(2);
    for (const bytes of copies) expect(bytes).toEqual(copies[0]);
    const file = openRewardFile(copies[0]!, key, root);
    for (let i = 0; i < PEOPLE; i++) {
      const { leaf } = proveReward(file, subjectOf(i).address)!;
      expect(leaf).toMatchObject({ cumulative: 5_833_333n, lapsed: 0n });
    }
    expect(await readRewardAccount(network.reader, key)).toEqual({ funded: 70_000_000n, claimed: 0n });
    const { built } = dataset;
    const findFiles = async (): Promise<CohortFiles> => ({
      records: built.manifest.entries.map(({ leaf }) => leaf),
      consents: built.consentLeaves,
      excluded: (await getExclusions(network.gateways[0]!.target(), id)).excluded,
    });
    const verified = await verifyRewards(network.reader, key, findFiles);
    expect(verified).toMatchObject({ ok: true, differences: [], built: { undistributed: 4n } });
  },
);

test("a person without gas is paid at a fresh address, once", { timeout: 60_000 }, async () => {
  const signed = await signClaim(network.deployment, claimOf(3, 5_833_333n), subjectOf(3));
  const { transaction } = await sendClaim(network.gateways[1]!.target(), signed);
  const { status } = await network.reader.publicClient.getTransactionReceipt({ hash: transaction });
  expect(status).toBe("success");
  expect(await balanceOf(fresh)).toBe(5_833_333n);
  expect(await readClaimed(network.reader, { ...key, subject: subjectOf(3).address })).toBe(5_833_333n);
  // Asked again, that gateway tells of the transaction it sent; another one tries and is refused. Nothing moves.
  expect(await sendClaim(network.gateways[1]!.target(), signed)).toEqual({ transaction });
  await expect(sendClaim(network.gateways[2]!.target(), signed)).rejects.toMatchObject({
    code: "GATEWAY_CLAIM_REFUSED",
  });
  expect(await balanceOf(fresh)).toBe(5_833_333n);
});

test("a claim that somebody else signed, or of somebody unknown, is refused", async () => {
  const target = network.gateways[0]!.target();
  const refused = { code: "GATEWAY_CLAIM_REFUSED" };
  const forged = await signClaim(network.deployment, claimOf(4, 5_833_333n), subjectOf(5));
  await expect(sendClaim(target, forged)).rejects.toMatchObject(refused);
  const unknown = { ...claimOf(4, 1n), subject: fresh };
  await expect(
    sendClaim(target, await signClaim(network.deployment, unknown, subjectOf(4))),
  ).rejects.toMatchObject(refused);
});

test(
  "the next order adds to the same leaves, and what floors left is divided too",
  { timeout: 240_000 },
  async () => {
    await settledOrder();
    // 70 dollars and the four units: 70,000,004 by 12 is 5,833,333, and eight are left.
    await claimableTotal(12n * 11_666_666n);
    const signed = await signClaim(network.deployment, claimOf(3, 11_666_666n), subjectOf(3));
    await sendClaim(network.gateways[2]!.target(), signed);
    expect(await balanceOf(fresh)).toBe(11_666_666n);
  },
);

test(
  "a root that two gateways sign and nobody can rebuild is voided by the others",
  { timeout: 120_000 },
  async () => {
    await network.gateways[1]!.stop();
    await network.gateways[2]!.stop();
    const old = (await readClaimableRoot(network.reader, key))!;
    const head = await network.reader.publicClient.getBlock();
    const root: RewardRoot = {
      ...key,
      epoch: Number(head.number) - 1,
      root: keccak256(toHex("a root over nothing that anybody knows")),
      total: old.total,
      count: 12,
      leafFile: keccak256(toHex("no file")),
    };
    const signatures = await Promise.all(
      [1, 2].map(async (place) => ({
        gateway: place + 1,
        signature: await signStruct(
          network.deployment,
          "RewardRoot",
          root,
          privateKeyToAccount(network.gateways[place]!.keys.signerKey),
        ),
      })),
    );
    await postRewardRoot(network.as(buyer), { root, signatures });
    expect((await readClaimableRoot(network.reader, key))!.hash).toBe(old.hash);
    await until(async () => !isRoot((await readLastRoot(network.reader, key))!), 90);
    const voided = await network.reader.publicClient.getContractEvents({
      address: network.deployment.contracts.ContributorRewards,
      abi: contributorRewardsAbi,
      eventName: "RootVoided",
      fromBlock: 0n,
      strict: true,
    });
    expect(voided.map(({ args }) => args.epoch)).toEqual([root.epoch]);
    expect((await readClaimableRoot(network.reader, key))!.hash).toBe(old.hash);
  },
);
