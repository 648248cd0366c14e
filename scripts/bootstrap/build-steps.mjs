/**
 * What is generated, in order. A row runs when one of its inputs changed; see steps.mjs.
 * @type {import("./steps.mjs").Step[]}
 */
export const BUILD_STEPS = [
  {
    name: "compile contracts",
    inputs: ["contracts", "hardhat.config.ts"],
    outputs: ["artifacts/contracts"],
    commands: [["node", "node_modules/hardhat/dist/src/cli.js", "build"]],
  },
  {
    name: "generate ABIs",
    inputs: ["artifacts/contracts", "scripts/generate/abis.ts"],
    outputs: ["sdk/src/generated/abis.ts"],
    commands: [["node", "scripts/generate/abis.ts"]],
  },
  {
    name: "generate queries",
    inputs: ["subgraph/schema.graphql", "subgraph/queries", "scripts/generate/queries.ts"],
    outputs: ["sdk/src/generated/queries.ts"],
    commands: [["node", "scripts/generate/queries.ts"]],
  },
  {
    name: "build subgraph",
    inputs: [
      "subgraph/schema.graphql",
      "subgraph/subgraph.yaml",
      "subgraph/src",
      "subgraph/package.json",
      "artifacts/contracts",
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
