import { join } from "node:path";

/** One row of `npm run check`. */
export interface Check {
  name: string;
  /** Program and arguments, run in the project's folder. */
  command: [string, ...string[]];
  /** What to run to mend it, or to see all of it. */
  mend: string;
}

/** The checks that run a tool; the one of generated files stands in generated.ts. */
export function checks(root: string): Check[] {
  const tool = (path: string, ...args: string[]): [string, ...string[]] => [
    process.execPath,
    join(root, "node_modules", path),
    ...args,
  ];
  return [
    {
      name: "types",
      command: tool("typescript/bin/tsc", "-p", "tsconfig.json", "--noEmit"),
      mend: "npx tsc -p tsconfig.json --noEmit",
    },
    {
      name: "types of web",
      command: ["npm", "run", "--silent", "check", "--workspace", "web"],
      mend: "npm run check --workspace web",
    },
    {
      name: "lint",
      command: tool("oxlint/bin/oxlint", "--deny-warnings", "--ignore-pattern", "**/generated/**", "."),
      mend: "npx oxlint --fix .",
    },
    {
      name: "format",
      command: tool("prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."),
      mend: "npx prettier --write .",
    },
  ];
}
