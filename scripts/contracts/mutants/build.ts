import { rangeOf, statementEnd, walk } from "../lab/ast.ts";
import { type CompilerError, type CompilerOutput, compile, errorsOf, mustCompile } from "../lab/compile.ts";
import { Edits } from "../lab/edits.ts";
import { PROBE, PROBE_FILE, PROBE_SOURCE, withProbe } from "../lab/probe.ts";
import type { CompilerInput, Project } from "../lab/project.ts";
import type { Mutant } from "./mutation.ts";

export interface Built {
  output: CompilerOutput;
  mutants: Mutant[];
  /** mutants that the compiler refused, as where a function has no room on the stack for one choice more */
  refused: Mutant[];
}

/** How often the contracts are compiled again without those that the compiler refused. */
const ROUNDS = 40;

/**
 * Compiles all mutants at once: each place holds the code as it is and every mutant of it, and a number that is linked
 * in chooses.
 */
export async function buildMutants(
  project: Project,
  trees: CompilerOutput,
  chosen: readonly Mutant[],
  signal?: AbortSignal,
): Promise<Built> {
  let mutants = [...chosen];
  const refused: Mutant[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const input = withMutants(project, trees, mutants);
    // The contracts alone first: with their tests it takes several times as long to be told of a fault.
    const check = await compile(input, { only: project.own }, { optimize: false, signal });
    const errors = errorsOf(check);
    if (errors.length === 0) {
      const output = mustCompile(await compile(input, "code", { optimize: false, signal }));
      return { output, mutants, refused };
    }
    const blamed = new Set(errors.flatMap((error) => blame(input, error)));
    if (blamed.size === 0) mustCompile(check);
    refused.push(...mutants.filter(({ id }) => blamed.has(id)));
    mutants = mutants.filter(({ id }) => !blamed.has(id));
  }
  throw new Error(`The mutants did not compile in ${ROUNDS} rounds.`);
}

/** The project with every mutant in its place, none of them acting. */
export function withMutants(
  project: Project,
  trees: CompilerOutput,
  mutants: readonly Mutant[],
): CompilerInput {
  const sources: CompilerInput["sources"] = {
    ...project.input.sources,
    [PROBE_FILE]: { content: PROBE_SOURCE },
  };
  for (const name of new Set(mutants.map(({ source }) => source))) {
    const source = Buffer.from(project.input.sources[name]!.content);
    const edits = new Edits(source);
    for (const mutant of mutants) if (mutant.source === name) place(edits, source, mutant, trees);
    sources[name] = { content: withProbe(edits.toString()) };
  }
  return { ...project.input, sources };
}

function place(edits: Edits, source: Buffer, mutant: Mutant, trees: CompilerOutput): void {
  const { id, node, level, text } = mutant;
  const { start, end } = rangeOf(node);
  const on = `${PROBE}.on(${id})`;
  if (level === "expression") edits.wrap(start, end, `(${on} ? (${text}) : (`, "))");
  else if (level === "statement")
    edits.wrap(start, statementEnd(node, source), `{ if (${on}) { ${text} } else { `, " } }");
  else unrestrict(edits, mutant, trees);
}

/** The restriction becomes one that lets everybody pass while the mutant acts; its check is AccessManaged's own. */
function unrestrict(edits: Edits, { id, node, source }: Mutant, trees: CompilerOutput): void {
  const { start, end } = rangeOf(node);
  edits.wrap(start, end, "", `Unless${id}`);
  walk(trees.sources[source]!.ast, (contract) => {
    if (contract.nodeType !== "ContractDefinition") return;
    const range = rangeOf(contract);
    if (start < range.start || start >= range.end) return;
    const check = `if (!${PROBE}.on(${id})) _checkCanCall(_msgSender(), _msgData());`;
    edits.insert(range.end - 1, `modifier restrictedUnless${id}() { ${check} _; }\n`);
  });
}

/** The mutants that a compiler error is about: those in the place it names, else the nearest before it. */
function blame(input: CompilerInput, { sourceLocation }: CompilerError): number[] {
  if (!sourceLocation || !(sourceLocation.file in input.sources)) return [];
  const { file, start, end } = sourceLocation;
  const bytes = Buffer.from(input.sources[file]!.content);
  const ids = (text: string): number[] =>
    [...text.matchAll(new RegExp(`${PROBE}\\.on\\((\\d+)\\)`, "g"))].map(([, id]) => Number(id));
  const inside = ids(bytes.subarray(start, end).toString());
  return inside.length > 0 ? inside.slice(0, 1) : ids(bytes.subarray(0, start).toString()).slice(-1);
}
