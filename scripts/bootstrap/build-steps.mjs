/**
 * What is made from sources, in order. A row runs when one of its inputs changed; see steps.mjs. Rows marked `generated`
 * write sources; `npm run check` makes them again and fails on any difference.
 * @type {import("./steps.mjs").Step[]}
 */
export const BUILD_STEPS = [
  {
    name: "compile contracts",
    inputs: ["contracts", "hardhat.config.ts"],
    outputs: [".cache/artifacts/contracts"],
    commands: [["node", "node_modules/hardhat/dist/src/cli.js", "build", "--no-tests"]],
  },
  {
    name: "generate ABIs",
    inputs: ["contracts", "hardhat.config.ts", "scripts/generate"],
    outputs: [
      "sdk/src/generated/abi",
      "sdk/src/generated/abis.ts",
      "sdk/src/generated/constants.ts",
      "sdk/src/generated/eip712.ts",
    ],
    generated: true,
    commands: [["node", "scripts/generate/abis.ts"]],
  },
  {
    name: "generate vectors",
    inputs: [
      "test/contracts/vectors/data-use.ts",
      "test/contracts/vectors/duo.ts",
      "test/contracts/vectors/oracle.ts",
      "test/contracts/vectors/log.ts",
      "test/contracts/vectors/naive-log.ts",
    ],
    outputs: ["test/contracts/vectors/generated/data-use.json", "test/contracts/vectors/generated/log.json"],
    generated: true,
    commands: [
      ["node", "test/contracts/vectors/data-use.ts"],
      ["node", "test/contracts/vectors/log.ts"],
    ],
  },
  {
    name: "generate the list of parameters",
    inputs: ["sdk/src/governance/parameters.ts", "scripts/generate"],
    outputs: ["docs/parameters.md"],
    generated: true,
    commands: [["node", "scripts/generate/parameters.ts"]],
  },
  {
    name: "generate queries",
    inputs: ["subgraph/schema.graphql", "subgraph/queries", "scripts/generate"],
    outputs: ["sdk/src/generated/queries.ts", "sdk/src/generated/queryTexts.ts"],
    generated: true,
    commands: [["node", "scripts/generate/queries.ts"]],
  },
  {
    name: "generate gateway docs",
    inputs: ["gateway/src/http", "gateway/src/config", "sdk/src", "compute/src", "scripts/generate"],
    outputs: ["docs/limits.md", "docs/configuration.md"],
    generated: true,
    commands: [["node", "scripts/generate/gateway-docs.ts"]],
  },
  {
    name: "build subgraph",
    inputs: [
      "subgraph/schema.graphql",
      "subgraph/subgraph.yaml",
      "subgraph/src",
      "subgraph/scripts",
      "subgraph/package.json",
      "contracts",
    ],
    outputs: ["subgraph/build/subgraph.yaml"],
    commands: [
      ["npm", "run", "codegen", "--workspace", "subgraph"],
      ["npm", "run", "build", "--workspace", "subgraph"],
    ],
  },
  {
    name: "build web",
    inputs: [
      "web/src",
      "web/static",
      "web/package.json",
      "web/vite.config.ts",
      "sdk/src",
      "sdk/package.json",
    ],
    outputs: ["web/build/index.js"],
    commands: [["npm", "run", "build", "--workspace", "web"]],
  },
];
