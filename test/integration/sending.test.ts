/** What `send` promises where the chain moves between the trial of a call and its block. */
import hre from "hardhat";
import { custom, type Address } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectAs, send, testDollarAbi, type Deployment, type SalusWriter } from "@salus/sdk";
import { devAccount } from "../support/local-chain.ts";

const [alice, bob, carol] = [devAccount(1), devAccount(2), devAccount(3)];
/** A tip that puts a transaction before the others of its block, and gas that no estimate has to find. */
const FIRST = { maxPriorityFeePerGas: 10n ** 11n, maxFeePerGas: 10n ** 12n, gas: 200_000n };

let token: Address;
let node: Awaited<ReturnType<typeof hre.network.connect>>;
let chain: Awaited<ReturnType<typeof node.viem.getTestClient>>;

function as(account: typeof alice): SalusWriter {
  const deployment = { chainId: 31337 } as Deployment;
  return connectAs({ deployment, transport: custom(node.provider), account, pollingInterval: 20 });
}

const transfer = (to: Address, amount: bigint) =>
  ({ address: token, abi: testDollarAbi, functionName: "transfer", args: [to, amount] }) as const;

const balance = async (account: Address) =>
  as(alice).publicClient.readContract({
    address: token,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [account],
  });

/** Sends as Alice; before her transaction is in a block, `before` gets in first. */
async function overtaken(call: Parameters<typeof send>[1], before: () => Promise<unknown>) {
  let sent: () => void;
  const underway = new Promise<void>((resolve) => (sent = resolve));
  const outcome = send(as(alice), call, { onStep: ({ step }) => step === "sent" && sent() }).then(
    (receipt) => ({ receipt }),
    (error: unknown) => ({ error }),
  );
  await underway;
  await before();
  await chain.mine({ blocks: 1 });
  return outcome;
}

beforeAll(async () => {
  node = await hre.network.connect({ network: "memory" });
  chain = await node.viem.getTestClient();
  token = (await node.viem.deployContract("TestDollar")).address;
  for (const { address } of [alice, bob]) {
    await send(as(alice), {
      address: token,
      abi: testDollarAbi,
      functionName: "mint",
      args: [address, 100n],
    });
  }
  await chain.setAutomine(false);
});
afterAll(() => node?.close());

describe("sending", () => {
  test("has gas left for a slot that another transaction empties before its block", async () => {
    const calls = { address: token, abi: testDollarAbi, functionName: "transfer" } as const;
    const { walletClient } = as(bob);
    const outcome = await overtaken(transfer(bob.address, 1n), () =>
      walletClient.writeContract({ ...calls, ...FIRST, args: [carol.address, 100n] }),
    );
    expect(outcome).toMatchObject({ receipt: { status: "success" } });
    // Bob's were gone before Alice's one came: in that order the call was dearer than when it was tried.
    expect([await balance(bob.address), await balance(carol.address)]).toEqual([1n, 100n]);
  });

  test("tells the contract's reason when what made a call good is gone by its block", async () => {
    const { walletClient } = as(bob);
    const approve = (amount: bigint) =>
      walletClient.writeContract({
        address: token,
        abi: testDollarAbi,
        functionName: "approve",
        ...FIRST,
        args: [alice.address, amount],
      });
    await approve(1n);
    await chain.mine({ blocks: 1 });
    const call = { address: token, abi: testDollarAbi, functionName: "transferFrom" } as const;
    const outcome = await overtaken({ ...call, args: [bob.address, alice.address, 1n] }, () => approve(0n));
    expect(outcome).toMatchObject({
      error: {
        code: "SDK_TRANSACTION_REVERTED",
        message: expect.stringContaining("insufficient allowance"),
        details: { reason: "ERC20InsufficientAllowance" },
      },
    });
  });
});
