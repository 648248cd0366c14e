import { afterAll, beforeAll, expect, test } from "vitest";
import { keccak256, toHex, zeroAddress, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  accessManagerAbi,
  depositStake,
  DUO,
  OrderKind,
  proveEquivocation,
  readCredit,
  readStake,
  reportDeniedContributor,
  reportEquivocation,
  reportTwoReceipts,
  requestStakeWithdrawal,
  send,
  signCheckpoint,
  signRevocation,
  signStruct,
  submitRevocation,
  testDollarAbi,
  withdraw,
  withdrawStake,
  type Order,
  type Receipt,
} from "@salus/sdk";
import { receiptFor } from "../support/delivered-order.ts";
import { devAccount, startLocalChain, type LocalChain } from "../support/local-chain.ts";

const DOLLAR = 1_000_000n;
const STAKE = 1_000n * DOLLAR;
const ZERO: Hex = `0x${"00".repeat(32)}`;
const operator = devAccount(2);
const reporter = devAccount(15);
const people = [1, 2, 3].map((i) => privateKeyToAccount(toHex(7000 + i, { size: 32 })));
const contributors = people.map(({ address }, i) => ({ subject: address, weight: i + 1 }));

const order: Order = {
  buyer: devAccount(13).address,
  salt: ZERO,
  asset: 42n,
  version: 1,
  kind: OrderKind.Analysis,
  uses: DUO.USE_HEALTH,
  country: 276,
  disease: ZERO,
  project: ZERO,
  job: ZERO,
  recipientKey: keccak256("0x01"),
  termsHash: ZERO,
  token: 1,
  price: 0n,
  maxFee: 0n,
  privacyCap: 0n,
  custodianBps: 0,
  curatorBps: 0,
  gatewaySet: 1,
  threshold: 2,
  custodian: 2,
  arbitrator: zeroAddress,
  deliverBy: 0,
  disputeWindow: 0,
  reportWindow: 0,
};

let chain: LocalChain;

beforeAll(async () => {
  chain = await startLocalChain();
  const call = { address: chain.deployment.contracts.TestDollar!, abi: testDollarAbi } as const;
  const args = [operator.address, 10n * STAKE] as const;
  await send(chain.as(operator), { ...call, functionName: "mint", args });
  await depositStake(chain.as(operator), { gateway: 2, amount: STAKE });
});
afterAll(() => chain.close());

const receipt = () => receiptFor(chain, order, contributors);

async function signed(r: Receipt) {
  const { signer } = chain.gateways[1]!;
  return { receipt: r, signature: await signStruct(chain.deployment, "Receipt", r, signer) };
}

test("a stake is withdrawn by the operator after its delay, and not before", async () => {
  await requestStakeWithdrawal(chain.as(operator), { gateway: 2, amount: 10n });
  await expect(withdrawStake(chain.as(operator), { gateway: 2, to: operator.address })).rejects.toMatchObject(
    { code: "GatewayRegistry_TooEarly" },
  );
  await chain.advance(30);
  await withdrawStake(chain.as(operator), { gateway: 2, to: operator.address });
  expect(await readStake(chain.reader, 2)).toMatchObject({ amount: STAKE - 10n, leaving: 0n, minimum: 0n });
});

test("two receipts for one order and block cost half of the stake; a fifth of it is the reporter's", async () => {
  const first = await receipt();
  const pair = { first: await signed(first), second: await signed({ ...first, output: keccak256("0x02") }) };
  const { amount: before, token } = await readStake(chain.reader, 2);
  await expect(reportTwoReceipts(chain.as(reporter), { gateway: 3, ...pair })).rejects.toMatchObject({
    code: "Slashing_SignatureInvalid",
  });
  await reportTwoReceipts(chain.as(reporter), { gateway: 2, ...pair });
  const taken = before - (await readStake(chain.reader, 2)).amount;
  expect(taken).toBe((before + 1n) / 2n);
  expect(await readCredit(chain.reader, { token, payee: reporter.address })).toBe(taken / 5n);
  await withdraw(chain.as(reporter), { token, to: reporter.address });
  await expect(reportTwoReceipts(chain.as(reporter), { gateway: 2, ...pair })).rejects.toMatchObject({
    code: "Slashing_AlreadyPunished",
  });
});

test("counting in someone who had stopped is shown by the tree that everybody can build", async () => {
  const about = { dataset: order.asset, subject: people[1]!.address, nonce: 0 };
  await submitRevocation(chain.as(reporter), await signRevocation(chain.deployment, about, people[1]!));
  const proof = { gateway: 2, order, signed: await signed(await receipt()), contributors };
  await expect(
    reportDeniedContributor(chain.as(reporter), { ...proof, subject: people[0]!.address }),
  ).rejects.toMatchObject({ code: "Slashing_NotDenied" });
  const { amount: before } = await readStake(chain.reader, 2);
  await reportDeniedContributor(chain.as(reporter), { ...proof, subject: people[1]!.address });
  expect((await readStake(chain.reader, 2)).amount).toBe(before / 2n);
});

test("two logs of one size cost stake once", async () => {
  const checkpoint = async (root: Hex) => {
    const state = { gateway: 2, size: 9n, root };
    const { signer } = chain.gateways[1]!;
    return { checkpoint: state, signature: await signCheckpoint(chain.deployment, state, signer) };
  };
  const report = () => reportEquivocation(chain.as(reporter), { gateway: 2, size: 9n });
  await expect(report()).rejects.toMatchObject({ code: "Slashing_NotProven" });
  const pair = { first: await checkpoint(keccak256("0x01")), second: await checkpoint(keccak256("0x02")) };
  await proveEquivocation(chain.as(reporter), pair);
  const { amount: before } = await readStake(chain.reader, 2);
  await report();
  expect((await readStake(chain.reader, 2)).amount).toBe(before - (before + 1n) / 2n);
  await expect(report()).rejects.toMatchObject({ code: "Slashing_AlreadyPunished" });
});

test("only the slashing contract may slash", async () => {
  const { AccessManager, Slashing } = chain.deployment.contracts;
  const holds = async (account: Hex) => {
    const call = { address: AccessManager, abi: accessManagerAbi, functionName: "hasRole" } as const;
    return (await chain.reader.publicClient.readContract({ ...call, args: [1n, account] }))[0];
  };
  expect(await holds(Slashing)).toBe(true);
  expect(await holds(devAccount(0).address)).toBe(false);
});
