// node scripts/contracts/roles/snapshot.ts: writes the committed matrix of roles anew, from a production deployment on
// Hardhat's in-process chain. Its difference is what a reviewer reads.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { startProductionChain } from "../../../test/support/local-chain.ts";
import { readRoleMatrix, type RoleMatrix } from "./matrix.ts";

/** The committed matrix, relative to the project. */
export const SNAPSHOT = "test/contracts/governance/roles.snapshot.json";

const FILE = join(import.meta.dirname, "../../..", SNAPSHOT);

/** The committed matrix. */
export function readSnapshot(): RoleMatrix {
  return JSON.parse(readFileSync(FILE, "utf8")) as RoleMatrix;
}

async function write(): Promise<void> {
  const chain = await startProductionChain();
  try {
    const text = JSON.stringify(await readRoleMatrix(chain.reader, chain.provider as never));
    const options = { ...(await resolveConfig(FILE)), parser: "json" };
    writeFileSync(FILE, await format(text, options));
  } finally {
    await chain.close();
  }
}

if (import.meta.main) await write();
