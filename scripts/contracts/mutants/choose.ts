import { createHash } from "node:crypto";
import { lineOf, rangeOf, textOf, walk } from "../lab/ast.ts";
import type { CompilerOutput } from "../lab/compile.ts";
import { type Project, shortName } from "../lab/project.ts";
import type { Mutant, Mutation } from "./mutation.ts";
import { mutationsOf } from "./mutations.ts";

export interface Choice {
  seed: number;
  most: number;
  /** contracts and libraries whose mutants alone are wanted */
  only?: readonly string[];
}

/**
 * Mutants of our own contracts, chosen by the seed: each mutation's place in the draw is a digest of seed and key, so a
 * change of one function leaves the choice among the others as it was.
 */
export function chooseMutants(
  project: Project,
  output: CompilerOutput,
  { seed, most, only }: Choice,
): Mutant[] {
  const all = allMutants(project, output);
  const wanted = only ? all.filter(({ where }) => only.includes(where.split(".")[0]!)) : all;
  for (const name of only ?? []) assertFound(name, wanted);
  const drawn = wanted
    .map((mutant) => ({ mutant, rank: createHash("sha256").update(`${seed}\n${mutant.key}`).digest("hex") }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, most)
    .map(({ mutant }) => mutant);
  return wanted.filter((mutant) => drawn.includes(mutant)).map((mutant, i) => ({ ...mutant, id: i + 1 }));
}

/** A name that is mistyped must not pass for one whose mutants were all noticed. */
function assertFound(name: string, mutants: readonly Mutant[]): void {
  if (mutants.some(({ where }) => where.split(".")[0] === name)) return;
  throw Object.assign(new Error(`There is nothing to mutate in ${name}.`), {
    code: "MUTATE_NOTHING",
    hint: "Name contracts or libraries of ours that have functions.",
  });
}

function allMutants(project: Project, output: CompilerOutput): Mutant[] {
  const constants = constantsOf(project, output);
  const seen = new Map<string, number>();
  return project.own.flatMap((name) => {
    const source = Buffer.from(project.input.sources[name]!.content);
    return mutationsOf(output.sources[name]!.ast, source, constants).map((mutation): Mutant => {
      const base = nameOf(mutation, source);
      const count = (seen.get(base) ?? 0) + 1;
      seen.set(base, count);
      const key = count === 1 ? base : `${base} #${count}`;
      const line = lineOf(source, rangeOf(mutation.node).start);
      return { ...mutation, id: 0, key, source: name, file: shortName(name), line };
    });
  });
}

function nameOf({ kind, where, node, text }: Mutation, source: Buffer): string {
  const short = (code: string): string => code.replaceAll(/\s+/g, " ").slice(0, 120);
  return `${where}: ${kind}: ${short(textOf(node, source))}${text === "" ? "" : ` → ${short(text)}`}`;
}

/** Constants of our own contracts, by node id. */
function constantsOf(project: Project, output: CompilerOutput): Set<number> {
  const ids = new Set<number>();
  for (const name of project.own) {
    walk(output.sources[name]!.ast, ({ nodeType, constant, id }) => {
      if (nodeType === "VariableDeclaration" && constant === true) ids.add(id);
    });
  }
  return ids;
}
