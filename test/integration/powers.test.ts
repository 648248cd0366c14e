/** Who may do what once Salus is deployed: asked of the contracts of a production deployment, function by function. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  encodeFunctionData,
  parseAbi,
  parseAbiItem,
  toFunctionSelector,
  toFunctionSignature,
  type AbiFunction,
  type Address,
} from "viem";
import {
  accessManagerAbi,
  boundsOn,
  castVote,
  delegateVotes,
  encodeParameterChange,
  executeProposal,
  parameters,
  proposalArguments,
  propose,
  salusGovernorAbi,
  queueProposal,
  readParameters,
  support,
  votedActions,
  type Parameter,
  type ParameterId,
  type ProposedCall,
} from "@salus/sdk";
import { deployOn } from "../../scripts/deploy/deploy.ts";
import { localProfile } from "../../scripts/deploy/profiles.ts";
import { abiOf, contractsOf, readRoleMatrix, STRANGER } from "../../scripts/contracts/roles/matrix.ts";
import { changingFunctions, emptyOf, probe, type Answer } from "../../scripts/contracts/roles/probe.ts";
import { readSnapshot } from "../../scripts/contracts/roles/snapshot.ts";
import {
  devAccount,
  GUARDIAN,
  PUBLIC_CHAIN_ID,
  startProductionChain,
  type LocalChain,
} from "../support/local-chain.ts";

const DAY = 86_400;
let chain: LocalChain;
beforeAll(async () => {
  chain = await startProductionChain();
  for (const voter of voters()) await delegateVotes(voter, voter.walletClient.account.address);
  await chain.advance(3 * DAY);
}, 120_000);
afterAll(() => chain?.close());

const voters = () => [10, 11, 12].map((index) => chain.as(devAccount(index)));
const rpc = () => chain.provider as never;

describe("the matrix of roles", () => {
  test("is the committed one, of every function of every contract", async () => {
    expect(await readRoleMatrix(chain.reader, rpc())).toEqual(readSnapshot());
  });

  test("gives the deployer, the guardian and everybody else nothing", () => {
    const { holders } = readSnapshot();
    const given = Object.values(holders).flat();
    expect(given.filter((name) => name.startsWith("0x"))).toEqual([]);
  });

  test("each privileged function refuses every actor but its own", async () => {
    const passed: string[] = [];
    const shut: string[] = [];
    for (const { name, address, item, access } of privileged()) {
      const rightful = rightfulFor(access);
      for (const [actor, caller] of Object.entries(actors())) {
        if (rightful.includes(caller)) continue;
        const answer = await probe(rpc(), { address, abi: abiOf(name), item }, caller);
        if (!isRefusal(answer))
          passed.push(`${actor} calls ${name}.${item.name}: ${JSON.stringify(answer.ok)}`);
      }
      for (const caller of rightful) {
        const answer = await probe(rpc(), { address, abi: abiOf(name), item }, caller);
        if (isRefusal(answer)) shut.push(`${access} is refused at ${name}.${item.name}`);
      }
    }
    expect(passed).toEqual([]);
    expect(shut).toEqual([]);
  });

  test("and the access manager carries no call of theirs past it", async () => {
    const { AccessManager } = chain.deployment.contracts;
    const item = abiOf("AccessManager").find(
      (f) => f.type === "function" && f.name === "execute",
    ) as AbiFunction;
    const passed: string[] = [];
    for (const { name, address, item: inner, access } of privileged()) {
      if (!access.startsWith("role ") && access !== "AccessManager itself") continue;
      const args = inner.inputs.map(emptyOf);
      const data = encodeFunctionData({ abi: [inner], functionName: inner.name, args });
      for (const caller of [devAccount(0).address, GUARDIAN.address, devAccount(1).address, STRANGER]) {
        const probed = { address: AccessManager, abi: accessManagerAbi, item };
        const answer = await probe(rpc(), probed, caller, [address, data]);
        if (
          answer.ok ||
          !/^AccessManager(Unauthorized|AlreadyScheduled|NotScheduled)/.test(answer.error ?? "")
        )
          passed.push(`${caller} executes ${name}.${inner.name}: ${JSON.stringify(answer.ok)}`);
      }
    }
    expect(passed).toEqual([]);
  });
});

describe("the table of what votes reach", () => {
  test("names every function that only a vote reaches, and no other", () => {
    const byVote = privileged()
      .filter(({ access }) => access === "role 0" || VOTED.has(access))
      .map(({ name, item }) => `${name}.${toFunctionSignature(item)}`);
    const listed = [...parameters, ...votedActions].map((row) => {
      const text = "setter" in row ? row.setter : row.function;
      return `${row.contract}.${toFunctionSignature(parseAbiItem(text) as AbiFunction)}`;
    });
    expect(listed.sort()).toEqual(byVote.sort());
  });

  test("begins with the design's settings", async () => {
    const read = new Map((await readParameters(chain.reader)).map(({ id, value }) => [id, value]));
    for (const { id, production } of parameters as readonly Parameter[]) {
      if (production !== undefined) expect([id, read.get(id as ParameterId)]).toEqual([id, production]);
    }
    expect(read.get("SalusGovernor.proposalGuardian")).toBe(GUARDIAN.address);
  });

  test("tells bounds that the contracts hold: the bound passes, one beyond does not", async () => {
    const read = await readParameters(chain.reader);
    const faults: string[] = [];
    for (const { id, bounds } of read) {
      if (!bounds) continue;
      const parameter = (parameters as readonly Parameter[]).find((row) => row.id === id)!;
      for (const [value, passes] of [
        [bounds.least, true],
        [bounds.most, true],
        [bounds.least - 1n, false],
        [bounds.most + 1n, false],
      ] as const) {
        if (value < 0n) continue;
        await undone(async () => {
          const outcome = await byVote(callOf(parameter, value));
          const now = (await readParameters(chain.reader)).find((row) => row.id === id)!.value;
          if (passes ? outcome !== "executed" || now !== value : !BEYOND.has(outcome))
            faults.push(`${id} = ${value}: ${outcome}, ${now}`);
        });
      }
    }
    expect(faults).toEqual([]);
  }, 120_000);

  test("is checked before anything is proposed", () => {
    expect(() => encodeParameterChange(chain.deployment, "AccessEscrow.feeBps", [1_001n])).toThrow(
      expect.objectContaining({ code: "SDK_PARAMETER_OUT_OF_BOUNDS" }),
    );
    const { target, data } = encodeParameterChange(chain.deployment, "AccessEscrow.feeBps", [1_000n]);
    expect(target).toBe(chain.deployment.contracts.AccessEscrow);
    // setFee(uint16), as the ABI specification encodes it.
    expect(data).toBe(`${toFunctionSelector("setFee(uint16)")}${"3e8".padStart(64, "0")}`);
    const governor = parameters.find(({ id }) => id === "SalusGovernor.votingDelay")!;
    expect(boundsOn(governor, 31_337)!.least).toBe(1n);
    expect(boundsOn(governor, PUBLIC_CHAIN_ID)!.least).toBe(86_400n);
  });
});

describe("the local profile", () => {
  test("is refused on every chain but the local one, by the deployment and by the contracts", async () => {
    const hre = (await import("hardhat")).default;
    const override = { chainId: PUBLIC_CHAIN_ID } as never;
    const connection = await hre.network.connect({ network: "memory", override });
    try {
      const profile = localProfile([devAccount(10).address]);
      await expect(deployOn(connection, profile, [])).rejects.toThrow("for chain 31337 only");
      // Whoever deploys without our program meets the contracts' own bounds.
      const { viem } = connection;
      const deployer = devAccount(0).address;
      await expect(viem.deployContract("SalusTimelock", [profile.timelockDelay, deployer])).rejects.toThrow(
        "Bounds_Exceeded",
      );
      const timelock = await viem.deployContract("SalusTimelock", [BigInt(3 * DAY), deployer]);
      const token = await viem.deployContract("SalusToken", [[deployer], [1n]]);
      await expect(
        viem.deployContract("SalusGovernor", [token.address, timelock.address, profile.governor]),
      ).rejects.toThrow("Bounds_Exceeded");
    } finally {
      await connection.close();
    }
  });
});

/** What contracts answer to a value beyond a bound. */
const BEYOND = new Set(["Bounds_Exceeded", "AccessEscrow_FeeTooHigh", "Issuance_FloorOutOfRange"]);

/** Accesses that a vote has, besides the role 0 of the access manager. */
const VOTED = new Set([
  "SalusGovernor, by vote",
  "TimelockController itself",
  "TimelockController.DEFAULT_ADMIN_ROLE",
]);
const OPEN = /^(anyone|party|the role's holder)/;

type Privileged = { name: string; address: Address; item: AbiFunction; access: string };

/** Every function that does not let anyone in, but those that let the party in which the thing itself names. */
function privileged(): Privileged[] {
  const { access } = readSnapshot();
  return contractsOf(chain.deployment).flatMap(([name, address]) =>
    changingFunctions(abiOf(name)).flatMap((item) => {
      const given = access[name]![item.name] ?? access[name]![toFunctionSignature(item)]!;
      // "nobody" stays in: it has to refuse all. The move to another manager is the manager's own to make.
      return OPEN.test(given) ? [] : [{ name, address, item, access: given }];
    }),
  );
}

/** Whom a function is for; nobody where it takes a vote in progress. */
function rightfulFor(access: string): Address[] {
  const { contracts } = chain.deployment;
  if (access === "TimelockController itself") return [contracts.TimelockController];
  if (access === "AccessManager itself") return [contracts.AccessManager];
  const holders = readSnapshot().holders[access] ?? [];
  return holders.map((holder) => contracts[holder as keyof typeof contracts]!);
}

function actors(): Record<string, Address> {
  const { contracts } = chain.deployment;
  return {
    deployer: devAccount(0).address,
    guardian: GUARDIAN.address,
    "the operator of a gateway, a custodian": devAccount(1).address,
    "the signing key of a gateway": chain.gateways[0]!.signer.address,
    proposer: devAccount(10).address,
    curator: devAccount(5).address,
    patient: devAccount(6).address,
    buyer: devAccount(7).address,
    stranger: STRANGER,
    "the governor without a vote": contracts.SalusGovernor,
    "the timelock without a vote": contracts.TimelockController,
    "the access manager": contracts.AccessManager,
    slashing: contracts.Slashing,
    "the treasury": contracts.Treasury,
    "the panels": contracts.Panels,
    escrow: contracts.AccessEscrow,
  };
}

const REFUSALS = new Set([
  "AccessManagedUnauthorized",
  "AccessManagerUnauthorizedAccount",
  "AccessControlUnauthorizedAccount",
  "TimelockUnauthorizedCaller",
  "GovernorOnlyExecutor",
  "SalusGovernor_Fixed",
  // The governor's list of calls that a vote in progress makes is empty.
  "Panic",
]);

function isRefusal(answer: Answer): boolean {
  return !answer.ok && REFUSALS.has(answer.error ?? "");
}

/** The call that sets a value, past the SDK's own check of it. */
function callOf({ contract, setter }: Parameter, value: bigint): ProposedCall {
  const data = encodeFunctionData({ abi: parseAbi([setter]), args: [value] } as never);
  return { target: chain.deployment.contracts[contract]!, data };
}

/** Takes a call through a vote; says "executed", or the error that the execution meets. */
async function byVote(call: ProposedCall): Promise<string> {
  const [voter] = voters() as [ReturnType<typeof chain.as>];
  const draft = { calls: [call], description: "A bound" };
  const { id, proposal } = await propose(voter, draft);
  await chain.advance(2 * DAY + 1);
  await castVote(voter, { id, choice: support.for });
  await chain.advance(7 * DAY + 1);
  await queueProposal(voter, proposal);
  await chain.advance(3 * DAY);
  const { targets, values, calldatas, descriptionHash } = proposalArguments(proposal);
  const item = salusGovernorAbi.find((f) => f.type === "function" && f.name === "execute") as AbiFunction;
  const probed = { address: chain.deployment.contracts.SalusGovernor, abi: salusGovernorAbi, item };
  const answer = await probe(rpc(), probed, STRANGER, [targets, values, calldatas, descriptionHash]);
  if (!answer.ok) return answer.error ?? "no reason";
  await executeProposal(voter, proposal);
  return "executed";
}

/** Runs a story and takes the chain back to where it was. */
async function undone(story: () => Promise<void>): Promise<void> {
  const id = await chain.provider.request({ method: "evm_snapshot", params: [] });
  await story();
  await chain.provider.request({ method: "evm_revert", params: [id] });
}
