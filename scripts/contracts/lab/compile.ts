import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { AstNode } from "./ast.ts";
import type { CompilerInput } from "./project.ts";

type LinkReferences = Record<string, Record<string, { start: number; length: number }[]>>;

export interface CompiledContract {
  abi: { type: string; name?: string }[];
  evm: {
    bytecode: { object: string; linkReferences: LinkReferences };
    deployedBytecode: { object: string; linkReferences: LinkReferences };
  };
}

export interface CompilerError {
  severity: string;
  message: string;
  formattedMessage: string;
  sourceLocation?: { file: string; start: number; end: number };
}

export interface CompilerOutput {
  errors?: CompilerError[];
  sources: Record<string, { ast: AstNode }>;
  contracts?: Record<string, Record<string, CompiledContract>>;
}

/** What is wanted of the compiler: syntax trees, what can be run besides, or only whether some files can be compiled. */
export type Wanted = "ast" | "code" | { only: readonly string[] };

const CODE = ["bytecode", "deployedBytecode"].flatMap((code) => [
  `evm.${code}.object`,
  `evm.${code}.linkReferences`,
]);

function selectionOf(wanted: Wanted): unknown {
  if (wanted === "ast") return { "*": { "": ["ast"] } };
  if (wanted === "code") return { "*": { "": ["ast"], "*": ["abi", ...CODE] } };
  return Object.fromEntries(wanted.only.map((file) => [file, { "*": ["evm.bytecode.object"] }]));
}

/**
 * Compiles in a process of its own.
 * @param options.optimize false: faster to compile, which counts where nothing is deployed for good
 * @param options.signal ends the compiler
 */
export async function compile(
  input: CompilerInput,
  wanted: Wanted,
  { optimize = true, signal }: { optimize?: boolean; signal?: AbortSignal } = {},
): Promise<CompilerOutput> {
  const settings = { ...input.settings, outputSelection: selectionOf(wanted) };
  if (!optimize) Object.assign(settings, { optimizer: { enabled: false } });
  const child = spawn(process.execPath, [join(import.meta.dirname, "compiler.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
    signal,
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`The compiler ended with exit code ${code}.`)),
    );
  });
  child.stdin.end(JSON.stringify({ ...input, settings }));
  const [output] = await Promise.all([text(child.stdout), ended]);
  return JSON.parse(output) as CompilerOutput;
}

/** The errors, without warnings. */
export function errorsOf(output: CompilerOutput): CompilerError[] {
  return (output.errors ?? []).filter(({ severity }) => severity === "error");
}

/** @throws with the first error's text if there is one */
export function mustCompile(output: CompilerOutput): CompilerOutput {
  const [first] = errorsOf(output);
  if (first) throw new Error(`The transformed contracts do not compile:\n${first.formattedMessage}`);
  return output;
}
