import { lineOf, rangeOf, statementEnd, textOf } from "../lab/ast.ts";
import type { CompilerOutput } from "../lab/compile.ts";
import { Edits } from "../lab/edits.ts";
import { PROBE, PROBE_FILE, PROBE_SOURCE, withProbe } from "../lab/probe.ts";
import { type CompilerInput, type Project, shortName } from "../lab/project.ts";
import { type BranchKind, type Condition, conditionsOf, insideOf } from "./conditions.ts";

/** One outcome of a condition. */
export interface Branch {
  /** number by which the probe reports it */
  id: number;
  file: string;
  where: string;
  line: number;
  kind: BranchKind;
  text: string;
  outcome: string;
}

export interface Instrumented {
  input: CompilerInput;
  branches: Branch[];
  /** branches in assembly, which nothing measures, as `file:line` */
  unmeasured: string[];
}

const OUTCOMES: Record<BranchKind, readonly string[]> = {
  decision: ["false", "true"],
  operand: ["false", "true"],
  loop: ["no round", "a round"],
  clause: ["entered"],
};

/**
 * A copy of the project in which every condition of our own contracts reports its outcomes.
 * @param output the compiler's syntax trees of the project
 */
export function instrument(project: Project, output: CompilerOutput): Instrumented {
  const sources: CompilerInput["sources"] = {
    ...project.input.sources,
    [PROBE_FILE]: { content: PROBE_SOURCE },
  };
  const branches: Branch[] = [];
  const unmeasured: string[] = [];
  let number = 0;
  for (const name of project.own) {
    const source = Buffer.from(project.input.sources[name]!.content);
    const { conditions, assembly } = conditionsOf(output.sources[name]!.ast);
    const edits = new Edits(source);
    for (const condition of conditions) {
      number += 1;
      probe(edits, source, condition, number);
      branches.push(...branchesOf(shortName(name), source, condition, number));
    }
    unmeasured.push(...assembly.map((node) => `${shortName(name)}:${lineOf(source, rangeOf(node).start)}`));
    if (conditions.length > 0) sources[name] = { content: withProbe(edits.toString()) };
  }
  return { input: { ...project.input, sources }, branches, unmeasured };
}

function branchesOf(
  file: string,
  source: Buffer,
  { kind, where, node, before }: Condition,
  number: number,
): Branch[] {
  const shown = kind === "clause" ? "catch or try" : textOf(before?.condition ?? node, source);
  const line = lineOf(source, rangeOf(node).start);
  const text = shown.replaceAll(/\s+/g, " ");
  return OUTCOMES[kind].map((outcome, plus) => ({
    id: 2 * number + plus,
    file,
    where,
    line,
    kind,
    text,
    outcome,
  }));
}

function probe(edits: Edits, source: Buffer, { kind, node, before }: Condition, number: number): void {
  const { start, end } = rangeOf(node);
  if (kind === "clause") return edits.insert(insideOf(node), ` ${PROBE}.mark(${2 * number});`);
  if (!before) return edits.wrap(start, end, `${PROBE}.see(${number}, (`, "))");
  const init = before.init ? `${textOf(before.init, source).replace(/;$/, "")}; ` : "";
  const first = `${PROBE}.see(${number}, (${textOf(before.condition, source)}));`;
  edits.wrap(start, statementEnd(node, source), `{ { ${init}${first} } `, " }");
}
