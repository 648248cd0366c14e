import type { AstNode } from "../lab/ast.ts";

/** What a mutant changes. */
export type MutantKind =
  | "boundary"
  | "comparison"
  | "negation"
  | "logic"
  | "arithmetic"
  | "constant"
  | "returned value"
  | "swapped arguments"
  | "assignment"
  | "removed check"
  | "removed statement"
  | "removed event"
  | "removed restriction";

/** One possible change of a contract, before it is built. */
export interface Mutation {
  kind: MutantKind;
  /** contract and function, as `Contract.function` */
  where: string;
  node: AstNode;
  /** `expression` and `statement` stand in for the node while the mutant acts; `modifier` takes a restriction away */
  level: "expression" | "statement" | "modifier";
  /** source text in the node's place; empty for a statement that is left out */
  text: string;
}

/** A mutation with its name and number. */
export interface Mutant extends Mutation {
  /** number by which it is chosen, from 1 */
  id: number;
  /** its name, which stays while the code around it changes: where, kind, before → after, and a count among equals */
  key: string;
  source: string;
  file: string;
  line: number;
}
