/**
 * Makes the built subgraph ready for one deployment: a copy of `subgraph/build` with the deployment's addresses and first
 * block in its manifest. The build itself knows none, so it is made once.
 *
 *     node subgraph/scripts/place.ts .salus/deployment.json .salus/subgraph
 *     cd .salus/subgraph && gnd dev --ethereum-rpc salus:http://127.0.0.1:8545 --ipfs … --postgres-url …
 */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a deployment's JSON file says. */
export interface Deployment {
  /** First block that can hold an event of the contracts. */
  startBlock?: number;
  /** Address by contract name. */
  contracts: Readonly<Record<string, string>>;
}

const build = join(import.meta.dirname, "../build");
const NO_ADDRESS = "0x0000000000000000000000000000000000000000";

/**
 * Writes `<folder>/build` and `<folder>/subgraph.yaml`, which is what `gnd dev` reads in its working directory.
 * @param folder replaced if it exists
 * @throws when the subgraph is not built, or the deployment lacks a contract of the manifest
 */
export function placeSubgraph(folder: string, deployment: Deployment): void {
  const source = join(build, "subgraph.yaml");
  if (!existsSync(source)) {
    throw new Error("The subgraph is not built. Run: npm run build --workspace subgraph");
  }
  const manifest = setAddresses(readFileSync(source, "utf8"), deployment);
  rmSync(folder, { recursive: true, force: true });
  cpSync(build, join(folder, "build"), { recursive: true });
  for (const file of ["subgraph.yaml", "build/subgraph.yaml"]) writeFileSync(join(folder, file), manifest);
}

/** The manifest with the address of the contract that each data source is named after. */
export function setAddresses(manifest: string, { contracts, startBlock = 0 }: Deployment): string {
  const placed = manifest.replace(
    /( {4}name: (\w+)\n {4}network: \w+\n {4}source:\n {6}address: )"0x0{40}"/g,
    (_, before: string, name: string) => `${before}"${addressOf(contracts, name)}"`,
  );
  if (placed.includes(NO_ADDRESS))
    throw new Error("The manifest has an address in a place that is not known here.");
  return placed.replaceAll(/^( {6}startBlock: )\d+$/gm, `$1${startBlock}`);
}

function addressOf(contracts: Readonly<Record<string, string>>, name: string): string {
  const address = contracts[name];
  if (address && /^0x[0-9a-fA-F]{40}$/.test(address) && address !== NO_ADDRESS) return address;
  throw new Error(
    `The deployment has no address of ${name}. It needs one for each data source of the subgraph.`,
  );
}

if (import.meta.main) {
  const [deployment, folder] = process.argv.slice(2);
  if (!deployment || !folder) {
    console.error("Usage: node subgraph/scripts/place.ts DEPLOYMENT_JSON FOLDER");
    process.exitCode = 2;
  } else {
    placeSubgraph(folder, JSON.parse(readFileSync(deployment, "utf8")));
  }
}
