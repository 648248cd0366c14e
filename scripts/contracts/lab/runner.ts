import { createRequire } from "node:module";
import type * as Edr from "@nomicfoundation/edr";
import hre from "hardhat";
import type { AstNode } from "./ast.ts";
import { walk } from "./ast.ts";
import type { CompiledContract, CompilerOutput } from "./compile.ts";
import type { Project } from "./project.ts";

// The engine is Hardhat's own: the version is the one that Hardhat brings.
const require = createRequire(createRequire(import.meta.url).resolve("hardhat"));
const edr = require("@nomicfoundation/edr") as typeof Edr;

const SOLC_VERSION = "0.8.34";
const HARDFORK = "prague";
/** A mutant that loops for ever must end. */
const GAS_LIMIT = 3_000_000_000n;
/** In bytes: code that is not optimized takes more than the engine's own bound. */
const MEMORY_LIMIT = 2n ** 30n;

/** A test contract. */
export interface Suite {
  source: string;
  name: string;
}

export interface TestOutcome {
  suite: Suite;
  test: string;
  failed: boolean;
  skipped: boolean;
  reason?: string;
}

export interface RunOptions {
  /** number that the probes read: a mutant's id, 0, or RECORD */
  chosen: bigint;
  /** regular expressions over the tests' signatures */
  only?: string;
  except?: string;
  fuzzRuns: number;
  invariantRuns: number;
  invariantDepth: number;
  /** told of every probe that was passed */
  onHits?: (ids: number[]) => void;
}

/** Compiled contracts and tests, ready to be run many times. */
export class Lab {
  readonly #project: Project;
  readonly #contracts: Map<string, CompiledContract>;
  readonly #types: string[];
  #context: Promise<Edr.EdrContext> | undefined;
  readonly suites: Suite[];

  constructor(project: Project, output: CompilerOutput) {
    this.#project = project;
    this.#contracts = new Map();
    this.suites = [];
    for (const [source, contracts] of Object.entries(output.contracts ?? {})) {
      for (const [name, contract] of Object.entries(contracts)) {
        this.#contracts.set(keyOf({ source, name }), contract);
        if (source in project.tests && isSuite(contract)) this.suites.push({ source, name });
      }
    }
    this.#types = canonicalTypes(output);
  }

  /** Runs the tests of some suites; all of them run, side by side on all cores. */
  async run(suites: readonly Suite[], options: RunOptions): Promise<TestOutcome[]> {
    const artifacts = suites.map((suite) => this.#artifact(suite, options.chosen));
    const context = await (this.#context ??= createContext());
    const results: Edr.SuiteResult[] = [];
    // The engine says that it is done before its last reports have come in.
    await new Promise<void>((resolve, reject) => {
      const report = (result: Edr.SuiteResult): void => {
        if (results.push(result) === suites.length) resolve();
      };
      const ids = artifacts.map(({ id }) => id);
      context
        .runSolidityTests("L1", artifacts, ids, this.#config(suites, options), { buildInfos: [] }, report)
        .catch(reject);
    });
    return results.flatMap(outcomesOf);
  }

  #artifact(suite: Suite, chosen: bigint): Edr.Artifact {
    const { abi, evm } = this.#contracts.get(keyOf(suite))!;
    const linked = ({ object }: { object: string }): string => `0x${link(object, chosen)}`;
    return {
      id: { name: suite.name, source: suite.source, solcVersion: SOLC_VERSION },
      contract: {
        abi: JSON.stringify(abi),
        bytecode: linked(evm.bytecode),
        linkReferences: {},
        deployedBytecode: linked(evm.deployedBytecode),
        deployedLinkReferences: {},
      },
    };
  }

  #config(suites: readonly Suite[], options: RunOptions): Edr.SolidityTestRunnerConfigArgs {
    const paths = hre.config.test.solidity.profiles["default"]?.fsPermissions?.readDirectory ?? [];
    const seed = "0x5a105";
    return {
      projectRoot: this.#project.root,
      hardfork: HARDFORK,
      localPredeploys: edr.l1GenesisState(edr.l1HardforkFromString(HARDFORK)),
      fsPermissions: paths.map((path) => ({ path, access: edr.FsAccessPermission.ReadDirectory })),
      gasLimit: GAS_LIMIT,
      memoryLimit: MEMORY_LIMIT,
      disableBlockGasLimit: true,
      disableTransactionGasCap: true,
      fuzz: { runs: options.fuzzRuns, seed },
      invariant: {
        runs: options.invariantRuns,
        depth: options.invariantDepth,
        failOnRevert: true,
        shrinkRunLimit: 0,
      },
      testPattern: options.only,
      excludeTestPattern: options.except,
      eip712CanonicalTypes: this.#types,
      testSourcePaths: Object.fromEntries(suites.map(({ source }) => [source, this.#project.tests[source]!])),
      observability: options.onHits && {
        codeCoverage: { onCollectedCoverageCallback: collector(options.onHits) },
      },
    };
  }
}

function outcomesOf({ id: { source, name }, testResults }: Edr.SuiteResult): TestOutcome[] {
  return testResults.map(({ name: test, status, reason }) => ({
    suite: { source, name },
    test,
    failed: status === "Failure",
    skipped: status === "Skipped",
    reason,
  }));
}

function collector(onHits: (ids: number[]) => void) {
  return async (hits: Uint8Array[]): Promise<void> =>
    onHits(hits.map((hit) => Number(BigInt(`0x${Buffer.from(hit).toString("hex")}`))));
}

async function createContext(): Promise<Edr.EdrContext> {
  const context = new edr.EdrContext();
  await context.registerSolidityTestRunnerFactory("L1", edr.l1SolidityTestRunnerFactory());
  return context;
}

/** Writes the chosen number where the probe's address belongs; other libraries have no external functions. */
function link(object: string, chosen: bigint): string {
  return object.replaceAll(/__\$[0-9a-f]{34}\$__/g, chosen.toString(16).padStart(40, "0"));
}

function isSuite({ abi, evm }: CompiledContract): boolean {
  const isTest = ({ type, name = "" }: { type: string; name?: string }): boolean =>
    type === "function" && (name.startsWith("test") || name.startsWith("invariant"));
  return evm.bytecode.object !== "" && abi.some(isTest);
}

function keyOf({ source, name }: Suite): string {
  return `${source}:${name}`;
}

/** `Name(type name,...)` of every struct of our own that holds elementary members only, as EIP-712 writes it. */
function canonicalTypes({ sources }: CompilerOutput): string[] {
  const types = new Map<string, string>();
  for (const [name, { ast }] of Object.entries(sources)) {
    if (!name.startsWith("project/contracts/types/")) continue;
    walk(ast, (node) => {
      if (node.nodeType !== "StructDefinition") return;
      const members = (node["members"] as AstNode[]).map(memberType);
      if (members.every((member) => member !== undefined)) types.set(String(node["name"]), members.join(","));
    });
  }
  return [...types].map(([name, members]) => `${name}(${members})`);
}

function memberType(member: AstNode): string | undefined {
  const { typeString = "" } = member["typeDescriptions"] as { typeString?: string };
  const type = typeString.startsWith("enum ") ? "uint8" : typeString;
  return /^(u?int\d+|address|bool|bytes\d*|string)$/.test(type)
    ? `${type} ${String(member["name"])}`
    : undefined;
}
