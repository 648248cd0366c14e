import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Project } from "../project.ts";

const HEAD = "// SPDX-License-Identifier: Apache-2.0\npragma solidity 0.8.34;\n";
const CONTRACT = "project/contracts/Small.sol";
const TEST = "project/test/contracts/Small.t.sol";

/** A project of one contract file and one test file. */
export function smallProject(contract: string, test: string): Project & { remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), "salus-lab-"));
  const path = join(root, "Small.t.sol");
  const tested = `${HEAD}import "../../contracts/Small.sol";\n${test}`;
  writeFileSync(path, tested);
  return {
    root,
    input: {
      language: "Solidity",
      sources: { [CONTRACT]: { content: HEAD + contract }, [TEST]: { content: tested } },
      settings: { evmVersion: "prague", optimizer: { enabled: true, runs: 200 } },
    },
    own: [CONTRACT],
    tests: { [TEST]: path },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
