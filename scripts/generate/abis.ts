/**
 * Writes what the SDK knows of the contracts: `sdk/src/generated/{abis,eip712,constants}.ts` and `abi/`, from Hardhat's
 * artifacts and the Solidity sources. `--check` writes nothing and fails where a file is out of date.
 */
import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { generate, root } from "./files.ts";

const CONTRACTS = [
  "AccessEscrow",
  "AssetRegistry",
  "ConsentRegistry",
  "DataUseAuthority",
  "ContributorRewards",
  "GatewayRegistry",
  "Issuance",
  "Mandates",
  "LogCheckpoints",
  "Panels",
  "Payouts",
  "SalusGovernor",
  "Slashing",
  "Treasury",
  "SalusToken",
  "TestDollar",
  "UsageChannel",
  "AccessManager",
  "TimelockController",
] as const;

/** Contracts with an instance for each panel: their ABIs, and no address of their own in a deployment. */
const INSTANCES = ["Disputes"] as const;

/** Structs that are signed: name → a function whose ABI carries the struct as an input. */
const SIGNED = [
  ["Channel", "UsageChannel", "hashChannel"],
  ["Voucher", "UsageChannel", "hashVoucher"],
  ["Closing", "UsageChannel", "hashClosing"],
  ["CloseRequest", "UsageChannel", "hashCloseRequest"],
  ["UsageReceipt", "UsageChannel", "hashUsageReceipt"],
  ["Order", "AccessEscrow", "hashOrder"],
  ["Receipt", "AccessEscrow", "hashReceipt"],
  ["Failure", "AccessEscrow", "hashFailure"],
  ["ReleaseReport", "AccessEscrow", "hashReport"],
  ["Acceptance", "AccessEscrow", "hashAcceptance"],
  ["Mandate", "Mandates", "hashMandate"],
  ["Cancellation", "Mandates", "hashCancellation"],
  ["Grant", "ConsentRegistry", "hashGrant"],
  ["Revocation", "ConsentRegistry", "hashRevocation"],
  ["HandOver", "ConsentRegistry", "hashHandOver"],
  ["Contest", "ConsentRegistry", "hashContest"],
  ["ProxyNaming", "ConsentRegistry", "hashProxyNaming"],
  ["ProxyRemoval", "ConsentRegistry", "hashProxyRemoval"],
  ["ProxyGrant", "ConsentRegistry", "hashProxyGrant"],
  ["ProxyRevocation", "ConsentRegistry", "hashProxyRevocation"],
  ["Attestation", "DataUseAuthority", "hashAttestation"],
  ["AttestationRevocation", "DataUseAuthority", "hashRevocation"],
  ["RewardRoot", "ContributorRewards", "hashRoot"],
  ["Claim", "ContributorRewards", "hashClaim"],
  ["Checkpoint", "LogCheckpoints", "hashCheckpoint"],
] as const;

/** Structs that are signed for an instance: their members, under a name of their own. */
const SIGNED_FOR_INSTANCES = [["DISPUTE_OPENING_TYPE", "Disputes", "hashOpening"]] as const;

/** Structs that are hashed by `keccak256(abi.encode(struct))`. */
const ENCODED = [
  ["Terms", "AssetRegistry", "hashTerms", 0],
  ["Listing", "AssetRegistry", "list", 0],
  ["Version", "AssetRegistry", "list", 1],
  ["Parent", "AssetRegistry", "publish", 2],
  ["Evidence", "DataUseAuthority", "encodeEvidence", 0],
  ["Payment", "Treasury", "announcementId", 0],
] as const;

type AbiInput = { name: string; type: string; components?: AbiInput[] };
type AbiItem = { type: string; name?: string; inputs?: AbiInput[] };

async function artifacts(): Promise<Map<string, { abi: AbiItem[] }>> {
  const found = new Map<string, { abi: AbiItem[] }>();
  for await (const file of glob("**/*.json", { cwd: join(root, ".cache/artifacts") })) {
    if (file.startsWith("build-info")) continue;
    const artifact = JSON.parse(readFileSync(join(root, ".cache/artifacts", file), "utf8"));
    found.set(artifact.contractName, artifact);
  }
  return found;
}

function abiOf(all: Map<string, { abi: AbiItem[] }>, name: string): AbiItem[] {
  const artifact = all.get(name);
  if (!artifact) throw new Error(`No artifact of ${name}. Compile first: npx hardhat build`);
  return artifact.abi;
}

function inputOf(abi: AbiItem[], fn: string, index: number): AbiInput {
  const input = abi.find((item) => item.type === "function" && item.name === fn)?.inputs?.[index];
  if (!input?.components) throw new Error(`${fn} has no struct as input ${index}`);
  return input;
}

/** A call may revert with an error of any contract behind it, so every ABI ends with all of the protocol's errors. */
function withErrors(name: string, abi: AbiItem[], errors: AbiItem[]): string {
  const shared = new Set(errors.map((error) => error.name));
  const own = abi.filter((item) => item.type !== "error" || !shared.has(item.name));
  return `import { errorsAbi } from "./errors.ts";

export const ${lowerFirst(name)}Abi = [\n${own.map((item) => `  ${JSON.stringify(item)},\n`).join("")}  ...errorsAbi,\n] as const;\n`;
}

function constant(name: string, value: unknown): string {
  return `export const ${name} = ${JSON.stringify(value, null, 2)} as const;\n`;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** A module for each contract, so that a page which calls one of them does not load the ABIs of all. */
function abiFiles(all: Map<string, { abi: AbiItem[] }>): Record<string, string> {
  const errors = abiOf(all, "Errors").filter((item) => item.type === "error");
  const files: Record<string, string> = { errors: constant("errorsAbi", errors) };
  for (const name of [...CONTRACTS, ...INSTANCES])
    files[lowerFirst(name)] = withErrors(name, abiOf(all, name), errors);
  const paths = Object.entries(files).map(([name, text]) => [`sdk/src/generated/abi/${name}.ts`, text]);
  const exports = Object.keys(files).map((name) => `export * from "./abi/${name}.ts";\n`);
  const barrel = `${exports.join("")}\n${constant("CONTRACT_NAMES", CONTRACTS)}`;
  return { ...Object.fromEntries(paths), "sdk/src/generated/abis.ts": barrel };
}

function eip712File(all: Map<string, { abi: AbiItem[] }>): string {
  const types = Object.fromEntries(
    SIGNED.map(([struct, contract, fn]) => {
      const { components } = inputOf(abiOf(all, contract), fn, 0);
      return [struct, components!.map(({ name, type }) => ({ name, type }))];
    }),
  );
  const forInstances = SIGNED_FOR_INSTANCES.map(([name, contract, fn]) => {
    const { components } = inputOf(abiOf(all, contract), fn, 0);
    return constant(
      name,
      components!.map((member) => ({ name: member.name, type: member.type })),
    );
  });
  const encoded = ENCODED.map(([struct, contract, fn, index]) => {
    const input = inputOf(abiOf(all, contract), fn, index);
    return constant(`${struct.toUpperCase()}_ABI`, [
      strip({ ...input, type: "tuple", name: lowerFirst(struct) }),
    ]);
  });
  return [constant("EIP712_TYPES", types), ...forInstances, ...encoded].join("\n");
}

function strip(input: AbiInput): AbiInput {
  const { name, type, components } = input;
  return components ? { name, type, components: components.map(strip) } : { name, type };
}

/** Evaluates the constant expressions that the libraries use: shifts, sums of names, parentheses. */
function evaluate(expression: string, known: Map<string, bigint>): bigint {
  const named = expression.replace(/(\d)_(?=\d)/g, "$1").replace(/[A-Z][A-Z0-9_]*/g, (name) => {
    const value = known.get(name);
    if (value === undefined) throw new Error(`Unknown constant ${name} in ${expression}`);
    return `${value}n`;
  });
  const text = named.replace(/\b(\d+)n?\b/g, "$1n");
  if (!/^[\dn\s()|<+*-]+$/.test(text)) throw new Error(`Not a constant expression: ${expression}`);
  return BigInt(Function(`"use strict"; return (${text});`)());
}

/** Constants by name; those of up to 48 bits are numbers, as viem has them. */
function constantsOf(source: string): Map<string, { value: bigint; text: string }> {
  const known = new Map<string, bigint>();
  const found = new Map<string, { value: bigint; text: string }>();
  const pattern = /^ {4}uint(\d+) (?:internal|public) constant ([A-Z0-9_]+) =\s*([^;]+);/gm;
  for (const [, bits, name, expression] of source.matchAll(pattern)) {
    const value = evaluate(expression!, known);
    known.set(name!, value);
    found.set(name!, { value, text: Number(bits) <= 48 ? `${value}` : `${value}n` });
  }
  return found;
}

function enumsOf(source: string): [string, string[]][] {
  return [...source.matchAll(/enum (\w+) \{([^}]*)\}/g)].map(([, name, body]) => [
    name!,
    body!
      .split(",")
      .map((member) => member.trim())
      .filter(Boolean),
  ]);
}

function constantsFile(): string {
  const source = (file: string) => readFileSync(join(root, "contracts", file), "utf8");
  const group = (name: string, file: string) => {
    const entries = [...constantsOf(source(file))].map(([key, { text }]) => `  ${key}: ${text},`);
    return `export const ${name} = {\n${entries.join("\n")}\n} as const;\n`;
  };
  const enumFiles = [
    "types/OrderTypes.sol",
    "types/MandateTypes.sol",
    "types/AssetTypes.sol",
    "types/ChannelTypes.sol",
    "types/DisputeTypes.sol",
    "types/GatewayTypes.sol",
    "types/ConsentTypes.sol",
    "libraries/DataUse.sol",
    "interfaces/IAccessEscrow.sol",
    "interfaces/IMandates.sol",
  ];
  const enums = enumFiles
    .flatMap((file) => enumsOf(source(file)))
    .map(([name, members]) => {
      const exported = name === "Reason" ? "DataUseReason" : name;
      return constant(exported, Object.fromEntries(members.map((member, index) => [member, index])));
    });
  const [codes] = source("libraries/Countries.sol").match(/(hex"[0-9a-f]+"\s*)+/) ?? [""];
  const countries = [...codes.replace(/hex"|"|\s/g, "").matchAll(/.{4}/g)].map(([code]) =>
    parseInt(code, 16),
  );
  return [
    constant("COUNTRY_CODES", countries),
    group("DUO", "libraries/DataUse.sol"),
    group("MODES", "libraries/Modes.sol"),
    group("CONSENT", "consent/ConsentSlots.sol"),
    group("PROXY", "consent/Proxies.sol"),
    group("PROXY_RIGHTS", "libraries/ProxyRights.sol"),
    group("ESCROW", "AccessEscrow.sol"),
    group("ASSETS", "AssetRegistry.sol"),
    group("DISPUTES", "Disputes.sol"),
    ...enums,
  ].join("\n");
}

const all = await artifacts();
generate(
  {
    ...abiFiles(all),
    "sdk/src/generated/eip712.ts": eip712File(all),
    "sdk/src/generated/constants.ts": constantsFile(),
  },
  "npx hardhat build --no-tests && node scripts/generate/abis.ts",
);
