import { createRequire } from "node:module";
import hardhatToolboxViem from "@nomicfoundation/hardhat-toolbox-viem";
import { defineConfig } from "hardhat/config";

// The compiler comes from npm, so that set-up reaches nothing but the package registry.
const require = createRequire(import.meta.url);

// Test vectors, and the structs' EIP-712 types as the runner derives them from the syntax tree.
const solidityTests = {
  fuzz: { runs: 256 },
  // A step says beforehand whether a call must be refused: a revert of the step itself is a fault.
  invariant: { runs: 256, depth: 128, failOnRevert: true },
  fsPermissions: { readDirectory: ["test/contracts/vectors"] },
  eip712Types: { include: ["contracts/types/**"] },
};

/** Where compiled contracts go. Whoever compiles while others read them does so elsewhere: each build writes its folder anew. */
const BUILD = process.env["SALUS_BUILD"] ?? ".cache";

export default defineConfig({
  plugins: [hardhatToolboxViem],
  solidity: {
    version: "0.8.34",
    path: require.resolve("solc/soljson.js"),
    // OpenZeppelin contracts that are deployed as they are.
    npmFilesToBuild: [
      "@openzeppelin/contracts/access/manager/AccessManager.sol",
      "@openzeppelin/contracts/governance/TimelockController.sol",
    ],
    settings: { optimizer: { enabled: true, runs: 1000 }, evmVersion: "prague" },
  },
  networks: {
    memory: {
      type: "edr-simulated",
      chainType: "l1",
      chainId: 31337,
      hardfork: "prague",
      initialDate: "2026-01-01T00:00:00Z",
      initialBaseFeePerGas: 0,
    },
    local: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545" },
  },
  paths: {
    sources: "./contracts",
    tests: { solidity: "./test/contracts" },
    artifacts: `./${BUILD}/artifacts`,
    ignition: "./.cache/ignition",
    cache: `./${BUILD}/hardhat`,
  },
  test: {
    solidity: {
      profiles: {
        default: solidityTests,
        // Every call a transaction of its own, cold and with its intrinsic gas.
        gas: { ...solidityTests, isolate: true },
        // `npm run test:deep`: 262,144 calls for each invariant.
        deep: {
          ...solidityTests,
          fuzz: { runs: 10_000 },
          invariant: { ...solidityTests.invariant, runs: 512, depth: 512 },
        },
      },
    },
  },
});
