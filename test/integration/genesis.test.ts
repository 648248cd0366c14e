/** The published genesis allocation, deployed and read back from the chain: sums, caps, locks, and who can mint. */
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseAbi, type Address } from "viem";
import { issuanceAbi, salusTokenAbi, type Deployment } from "@salus/sdk";
import { deployOn } from "../../scripts/deploy/deploy.ts";
import { allocate, readGenesis } from "../../scripts/deploy/genesis.ts";
import { localProfile, type Profile } from "../../scripts/deploy/profiles.ts";
import { devAccount } from "../support/local-chain.ts";

const lockAbi = parseAbi([
  "function owner() view returns (address)",
  "function start() view returns (uint256)",
  "function duration() view returns (uint256)",
  "function releasable(address) view returns (uint256)",
  "function release(address)",
]);
const DAY = 86_400n;
const MILLION = 10n ** 24n;

/** Placeholders for the roles' holders, as a deployment would name them. */
const named = (from: number, count: number): Address[] =>
  Array.from({ length: count }, (_, i) => devAccount(from + i).address);
const institutions = named(100, 8);
const patients = named(120, 3);
const builders = named(130, 2);

let connection: NetworkConnection;
let deployment: Deployment;
let began: bigint;

beforeAll(async () => {
  connection = await hre.network.connect({ network: "memory" });
  const genesis = allocate(readGenesis("production"), {
    "founding institutions, voting": institutions,
    "founding institutions": institutions,
    "patient organisations, voting": patients,
    "patient organisations": patients,
    builders,
  });
  const profile: Profile = { ...localProfile([devAccount(10).address]), genesis };
  deployment = await deployOn(connection, profile, []);
  began = BigInt(await issuance<number>("start"));
});
afterAll(() => connection?.close());

async function client() {
  return connection.viem.getPublicClient();
}

async function issuance<T>(functionName: "start" | "token" | "minFloor" | "treasury"): Promise<T> {
  const contract = { address: deployment.contracts.Issuance, abi: issuanceAbi } as const;
  return (await (await client()).readContract({ ...contract, functionName })) as T;
}

const token = () => ({ address: deployment.contracts.SalusToken, abi: salusTokenAbi }) as const;

async function balanceOf(account: Address): Promise<bigint> {
  return (await client()).readContract({ ...token(), functionName: "balanceOf", args: [account] });
}

async function votesOf(account: Address): Promise<bigint> {
  return (await client()).readContract({ ...token(), functionName: "getVotes", args: [account] });
}

/** Everybody who got tokens when the token was made. */
async function minted() {
  const events = await (
    await client()
  ).getContractEvents({ ...token(), eventName: "Transfer", fromBlock: 0n, strict: true });
  return events.map(({ args }) => ({ to: args.to, amount: args.value }));
}

async function lockOf(address: Address) {
  const contract = { address, abi: lockAbi } as const;
  const reader = await client();
  const code = await reader.getCode({ address });
  if (!code) return undefined;
  const [owner, start, duration] = await Promise.all([
    reader.readContract({ ...contract, functionName: "owner" }),
    reader.readContract({ ...contract, functionName: "start" }),
    reader.readContract({ ...contract, functionName: "duration" }),
  ]);
  return { owner, start, duration };
}

test("the chain holds what the file says: ten million, a fifth of it free, the rest locked", async () => {
  const reader = await client();
  expect(await reader.readContract({ ...token(), functionName: "totalSupply" })).toBe(10n * MILLION);
  const parts = await minted();
  expect(parts.reduce((sum, { amount }) => sum + amount, 0n)).toBe(10n * MILLION);
  const locks = await Promise.all(
    parts.map(async ({ to, amount }) => ({ to, amount, lock: await lockOf(to) })),
  );
  const free = locks.filter(({ lock }) => !lock);
  expect(free.reduce((sum, { amount }) => sum + amount, 0n)).toBe(2n * MILLION);
  expect(free.map(({ to }) => to).sort()).toEqual([...institutions, ...patients].sort());
  // 2.5 % of the supply at most for one holder of free tokens, below the quorum of 4 %.
  for (const { to } of free) expect((await balanceOf(to)) * 40n).toBeLessThanOrEqual(10n * MILLION);
  const locked = (owner: Address) =>
    locks
      .filter(({ lock }) => lock?.owner === owner)
      .map(({ amount, lock }) => [amount, lock!.start, lock!.duration / DAY]);
  const nearly = (time: bigint, days: bigint) => time - began - days * DAY;
  const check = (owner: Address, amount: bigint, vestingDays: bigint) => {
    const [lock] = locked(owner);
    expect(locked(owner)).toHaveLength(1);
    expect(lock![0]).toBe(amount);
    expect(lock![2]).toBe(vestingDays);
    // Counted from its own block, some blocks before the issuance's.
    expect(nearly(lock![1]!, 365n)).toBeLessThanOrEqual(0n);
    expect(nearly(lock![1]!, 365n)).toBeGreaterThan(-3600n);
  };
  check(deployment.contracts.Treasury, 4n * MILLION, 1460n);
  for (const owner of institutions) check(owner, MILLION / 4n, 1095n);
  for (const owner of patients.slice(1)) check(owner, MILLION / 3n, 1095n);
  for (const owner of builders) check(owner, MILLION / 2n, 1460n);
});

test("a locked part neither votes nor moves before its time, and then moves evenly", async () => {
  const test = await connection.viem.getTestClient();
  const [wallet] = await connection.viem.getWalletClients();
  const reader = await client();
  const lock = (await minted())[0]!.to;
  const salus = deployment.contracts.SalusToken;
  const releasable = () =>
    reader.readContract({ address: lock, abi: lockAbi, functionName: "releasable", args: [salus] });
  expect(await votesOf(lock)).toBe(0n);
  expect(await releasable()).toBe(0n);
  const { start } = (await lockOf(lock))!;
  await test.setNextBlockTimestamp({ timestamp: start });
  await test.mine({ blocks: 1 });
  expect(await releasable()).toBe(0n);
  await test.setNextBlockTimestamp({ timestamp: start + 365n * DAY });
  await test.mine({ blocks: 1 });
  // A quarter of four million, a year into four.
  expect(await releasable()).toBe(MILLION);
  await wallet!.writeContract({ address: lock, abi: lockAbi, functionName: "release", args: [salus] });
  const got = await balanceOf(deployment.contracts.Treasury);
  expect(got).toBeGreaterThanOrEqual(MILLION);
  expect(got).toBeLessThan(MILLION + MILLION / 1000n);
});

test("the token's only minter is the issuance that made it", async () => {
  const reader = await client();
  expect(await issuance("token")).toBe(deployment.contracts.SalusToken);
  expect(await reader.readContract({ ...token(), functionName: "minter" })).toBe(
    deployment.contracts.Issuance,
  );
  expect(await issuance("treasury")).toBe(deployment.contracts.Treasury);
  expect(await issuance("minFloor")).toBe(1_000_000n);
});
