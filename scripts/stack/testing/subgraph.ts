import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILES: Record<string, string> = {
  "package.json": `{"name":"ticks","version":"1.0.0","private":true}`,
  "schema.graphql": "type Tick @entity(immutable: true) { id: Bytes! number: BigInt! }\n",
  "abis/Thing.json": `[{"type":"event","name":"E","anonymous":false,"inputs":[{"name":"v","type":"uint256","indexed":false}]}]`,
  "src/mapping.ts": `import { E } from "../generated/Thing/Thing";
import { Tick } from "../generated/schema";
export function onE(event: E): void {
  let tick = new Tick(event.transaction.hash.concatI32(event.logIndex.toI32()));
  tick.number = event.params.v;
  tick.save();
}
`,
  "subgraph.yaml": `specVersion: 1.3.0
schema:
  file: ./schema.graphql
dataSources:
  - kind: ethereum
    name: Thing
    network: local
    source:
      address: "0x0000000000000000000000000000000000000000"
      abi: Thing
      startBlock: 0
    mapping:
      kind: ethereum/events
      apiVersion: 0.0.9
      language: wasm/assemblyscript
      entities: [Tick]
      abis:
        - name: Thing
          file: ./abis/Thing.json
      eventHandlers:
        - event: E(uint256)
          handler: onE
      file: ./src/mapping.ts
`,
};

/**
 * Builds a subgraph that stores each E(uint256) of the contract `Thing` as a Tick.
 * @param folder under the project, where graph-cli finds its packages
 * @returns the folder of the build
 */
export function buildTestSubgraph(root: string, folder: string): string {
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const graph = join(root, "node_modules/@graphprotocol/graph-cli/bin/run.js");
  for (const command of ["codegen", "build"]) {
    execFileSync(process.execPath, [graph, command], { cwd: folder, stdio: "pipe" });
  }
  return join(folder, "build");
}
