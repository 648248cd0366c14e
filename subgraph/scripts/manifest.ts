/**
 * Brings what the subgraph knows of the contracts up to date from Hardhat's artifacts: copies the ABIs of the manifest's
 * contracts to `abis/` and completes each `event:` line of `subgraph.yaml` to the event's full signature. A new handler is
 * therefore written with the event's name alone. `--check` writes nothing to `subgraph.yaml` and fails where it differs.
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setEvents, type AbiItem } from "./signatures.ts";

const folder = join(import.meta.dirname, "..");
const artifacts = join(folder, "../.cache/artifacts");
const manifestPath = join(folder, "subgraph.yaml");

function abiOf(contract: string): AbiItem[] {
  const [file] = globSync(`**/${contract}.sol/${contract}.json`, { cwd: artifacts });
  if (!file) throw new Error(`No artifact of ${contract}. Compile first: npx hardhat build`);
  return JSON.parse(readFileSync(join(artifacts, file), "utf8")).abi;
}

const manifest = readFileSync(manifestPath, "utf8");
const contracts = new Set([...manifest.matchAll(/file: \.\/abis\/(\w+)\.json/g)].map(([, name]) => name!));
const abis = new Map([...contracts].map((name) => [name, abiOf(name)]));
const completed = setEvents(manifest, abis);

mkdirSync(join(folder, "abis"), { recursive: true });
for (const [name, abi] of abis) {
  writeFileSync(join(folder, "abis", `${name}.json`), `${JSON.stringify(abi, null, 2)}\n`);
}
if (completed !== manifest) {
  if (process.argv.includes("--check")) {
    console.error(`${basename(manifestPath)} is out of date. Run: npm run codegen --workspace subgraph`);
    process.exitCode = 1;
  } else {
    writeFileSync(manifestPath, completed);
  }
}
