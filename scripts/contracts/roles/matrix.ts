import {
  keccak256,
  toFunctionSelector,
  toFunctionSignature,
  toHex,
  type Abi,
  type Address,
  type Hex,
} from "viem";
import { accessManagerAbi, timelockControllerAbi, type Deployment, type SalusReader } from "@salus/sdk";
import * as abis from "@salus/sdk/generated/abis";
import { changingFunctions, probe, type Answer, type Rpc } from "./probe.ts";

/* Who may call what, as the deployed contracts themselves answer: the source of test/contracts/governance/roles.snapshot.json. */

/** Someone to whom nobody gave anything. */
export const STRANGER: Address = "0x00000000000000000000000000000000000057a6";

/**
 * Who may call a function: `anyone` (where the contract checks what is handed in, not who calls), `nobody`, the holders of a
 * role, a contract that speaks only by vote, or a party that the thing itself names.
 */
export type Access = string;

/** Functions that change state, by contract and name (signature where one name has several), and the roles' holders. */
export type RoleMatrix = {
  access: Record<string, Record<string, Access>>;
  holders: Record<string, string[]>;
};

const TIMELOCK_ROLES = ["DEFAULT_ADMIN_ROLE", "PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE"] as const;

/** A contract's ABI by its name in the deployment file. */
export function abiOf(name: string): Abi {
  const abi = (abis as Record<string, unknown>)[`${name.charAt(0).toLowerCase()}${name.slice(1)}Abi`];
  if (!abi) throw new Error(`No ABI of ${name}: add it to scripts/generate/abis.ts.`);
  return abi as Abi;
}

/** Asks every contract of a deployment about every function, and reads the roles' holders from their events. */
export async function readRoleMatrix(reader: SalusReader, rpc: Rpc): Promise<RoleMatrix> {
  const access: RoleMatrix["access"] = {};
  for (const [name, address] of contractsOf(reader.deployment)) {
    const rows: Record<string, Access> = {};
    const items = changingFunctions(abiOf(name));
    for (const item of items) {
      const answer = await probe(rpc, { address, abi: abiOf(name), item }, STRANGER);
      const alone = items.filter((other) => other.name === item.name).length === 1;
      rows[alone ? item.name : toFunctionSignature(item)] = await accessOf(
        reader,
        address,
        toFunctionSelector(item),
        answer,
      );
    }
    access[name] = rows;
  }
  return { access, holders: await holdersOf(reader) };
}

/** Contracts of a deployment by name, in the order of the alphabet. */
export function contractsOf({ contracts }: Deployment): [string, Address][] {
  return Object.entries(contracts).sort(([a], [b]) => (a < b ? -1 : 1)) as [string, Address][];
}

async function accessOf(
  reader: SalusReader,
  address: Address,
  selector: Hex,
  answer: Answer,
): Promise<Access> {
  if (answer.ok || !answer.error) return "anyone";
  const { error, args } = answer;
  if (error === "AccessManagedUnauthorized") {
    // The manager alone moves a contract to another manager; its own function for that asks for the role.
    if (selector === toFunctionSelector("setAuthority(address)")) return "AccessManager itself";
    return `role ${await roleOf(reader, address, selector)}`;
  }
  if (error === "AccessManagerUnauthorizedAccount") return `role ${args[1]}`;
  if (error === "AccessControlUnauthorizedAccount") return timelockRole(args[1] as Hex);
  if (error === "TimelockUnauthorizedCaller") return "TimelockController itself";
  if (error === "GovernorOnlyExecutor") return "SalusGovernor, by vote";
  if (error.endsWith("BadConfirmation")) return "the role's holder itself";
  if (error.endsWith("_Fixed")) return "nobody";
  // A refusal that names the caller, or the custodian that it is not.
  const named = args.some((arg) => typeof arg === "string" && arg.toLowerCase() === STRANGER);
  return /_Not[A-Z]/.test(error) && (named || error.endsWith("_NotCustodian"))
    ? `party (${error})`
    : "anyone";
}

function roleOf({ publicClient, deployment }: SalusReader, target: Address, selector: Hex): Promise<bigint> {
  const manager = { address: deployment.contracts.AccessManager, abi: accessManagerAbi } as const;
  return publicClient.readContract({
    ...manager,
    functionName: "getTargetFunctionRole",
    args: [target, selector],
  });
}

function timelockRole(role: Hex): string {
  const name = TIMELOCK_ROLES.find((known) => roleId(known) === role);
  if (!name) throw new Error(`An unknown role of the timelock: ${role}`);
  return `TimelockController.${name}`;
}

function roleId(name: (typeof TIMELOCK_ROLES)[number]): Hex {
  return name === "DEFAULT_ADMIN_ROLE" ? `0x${"00".repeat(32)}` : keccak256(toHex(name));
}

async function holdersOf(reader: SalusReader): Promise<Record<string, string[]>> {
  const { AccessManager, TimelockController } = reader.deployment.contracts;
  const inManager = await replay(reader, AccessManager, accessManagerAbi, "roleId");
  const inTimelock = await replay(reader, TimelockController, timelockControllerAbi, "role");
  const named = new Map<string, string[]>();
  for (const [role, holders] of inManager) named.set(`role ${role}`, holders);
  for (const [role, holders] of inTimelock) named.set(timelockRole(role as Hex), holders);
  return Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Who has which role after everything that was granted and taken back. */
async function replay(
  { publicClient, deployment }: SalusReader,
  address: Address,
  abi: Abi,
  key: "roleId" | "role",
): Promise<Map<string, string[]>> {
  const logs = await publicClient.getContractEvents({ address, abi, fromBlock: 0n, strict: true });
  const holders = new Map<string, Set<Address>>();
  for (const { eventName, args } of logs as { eventName: string; args?: Record<string, unknown> }[]) {
    if (eventName !== "RoleGranted" && eventName !== "RoleRevoked") continue;
    const role = String(args![key]);
    const accounts = holders.get(role) ?? new Set();
    holders.set(role, accounts);
    const account = (args!.account as string).toLowerCase() as Address;
    if (eventName === "RoleGranted") accounts.add(account);
    else accounts.delete(account);
  }
  const names = new Map(contractsOf(deployment).map(([name, at]) => [at.toLowerCase(), name]));
  return new Map(
    [...holders].map(([role, accounts]) => [role, [...accounts].map((at) => names.get(at) ?? at).sort()]),
  );
}
