import { join } from "node:path";
import hre from "hardhat";

/** Standard-JSON input of the Solidity compiler, as far as the lab touches it. */
export interface CompilerInput {
  language: string;
  sources: Record<string, { content: string }>;
  settings: Record<string, unknown>;
}

/** The contracts and their tests as one compilation. */
export interface Project {
  root: string;
  input: CompilerInput;
  /** source names of our own contracts */
  own: string[];
  /** source names of the test files → their paths on disk */
  tests: Record<string, string>;
}

const PREFIX = "project/";

/** Everything that `hardhat test solidity` would compile, as Hardhat resolves it. */
export async function loadProject(): Promise<Project> {
  const root = hre.config.paths.root;
  const files = await hre.solidity.getRootFilePaths();
  const jobs = await hre.solidity.getCompilationJobs(files, { force: true, quiet: true });
  if (!jobs.success) throw new Error(`Hardhat cannot plan the compilation: ${JSON.stringify(jobs)}`);
  const distinct = [...new Set(jobs.compilationJobsPerFile.values())];
  const inputs = (await Promise.all(distinct.map((job) => job.getSolcInput()))) as unknown as CompilerInput[];
  const input = {
    ...inputs[0]!,
    sources: Object.assign({}, ...inputs.map(({ sources }) => sources)) as CompilerInput["sources"],
  };
  const names = Object.keys(input.sources);
  const tests = names.filter((name) => name.startsWith(`${PREFIX}test/`) && name.endsWith(".t.sol"));
  return {
    root,
    input,
    own: names.filter((name) => name.startsWith(`${PREFIX}contracts/`) && !name.includes("/local/")),
    tests: Object.fromEntries(tests.map((name) => [name, join(root, name.slice(PREFIX.length))])),
  };
}

/** `project/contracts/A.sol` → `contracts/A.sol`. */
export function shortName(source: string): string {
  return source.startsWith(PREFIX) ? source.slice(PREFIX.length) : source;
}
