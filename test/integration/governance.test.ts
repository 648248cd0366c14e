import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessEscrowAbi, accessManagerAbi, send, timelockControllerAbi, type SalusWriter } from "@salus/sdk";
import { changeFee, type VoteStep } from "../../scripts/demo/change-fee.ts";
import { devAccount, startLocalChain, type LocalChain } from "../support/local-chain.ts";

const ADMIN_ROLE = 0n;
let chain: LocalChain;
beforeAll(async () => {
  chain = await startLocalChain();
});
afterAll(() => chain?.close());

function fee(): Promise<number> {
  const { publicClient, deployment } = chain.reader;
  return publicClient.readContract({
    address: deployment.contracts.AccessEscrow,
    abi: accessEscrowAbi,
    functionName: "feeBps",
  });
}

describe("the vote", () => {
  test("raises the fee by propose, vote, queue, execute", async () => {
    expect(await fee()).toBe(200);
    const steps: VoteStep[] = [];
    const voters = [10, 11].map((index): SalusWriter => chain.as(devAccount(index)));
    await changeFee(voters, 300, { onStep: (step) => steps.push(step), wait: chain.advance });
    expect(steps).toEqual(["delegated", "proposed", "voted", "queued", "executed"]);
    expect(await fee()).toBe(300);
  });

  test("nobody else can change it: neither the deployer, nor a voter, nor a gateway", async () => {
    for (const index of [0, 10, 1, 13]) {
      const call = {
        address: chain.deployment.contracts.AccessEscrow,
        abi: accessEscrowAbi,
        functionName: "setFee",
        args: [0],
      } as const;
      await expect(send(chain.as(devAccount(index)), call)).rejects.toMatchObject({
        code: "AccessManagedUnauthorized",
        hint: "Only a vote can do this.",
      });
    }
    expect(await fee()).toBe(300);
  });

  test("after deployment the timelock alone administers and the deployer holds nothing", async () => {
    const { publicClient, deployment } = chain.reader;
    const manager = { address: deployment.contracts.AccessManager, abi: accessManagerAbi } as const;
    const timelock = {
      address: deployment.contracts.TimelockController,
      abi: timelockControllerAbi,
    } as const;
    const holds = async (account: `0x${string}`) =>
      (
        await publicClient.readContract({ ...manager, functionName: "hasRole", args: [ADMIN_ROLE, account] })
      )[0];
    const deployer = devAccount(0).address;
    expect(await holds(deployment.contracts.TimelockController)).toBe(true);
    expect(await holds(deployer)).toBe(false);
    const roles = ["DEFAULT_ADMIN_ROLE", "PROPOSER_ROLE", "CANCELLER_ROLE"] as const;
    for (const functionName of roles) {
      const role = await publicClient.readContract({ ...timelock, functionName });
      const args = [role, deployer] as const;
      expect(await publicClient.readContract({ ...timelock, functionName: "hasRole", args })).toBe(false);
    }
  });
});
