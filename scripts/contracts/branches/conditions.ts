import { type AstNode, isNode, rangeOf, walk } from "../lab/ast.ts";

/** What a branch is about. */
export type BranchKind = "decision" | "operand" | "loop" | "clause";

/** A place in a contract with one outcome or two. */
export interface Condition {
  kind: BranchKind;
  /** contract and function, as `Contract.function` */
  where: string;
  /** what the probe encloses; for a loop the loop, for a clause its block */
  node: AstNode;
  /** of a loop: what is evaluated once before it */
  before?: { init?: AstNode; condition: AstNode };
}

/**
 * Conditions of a source whose outcomes are branches:
 * - decision: the condition of `if`, `?:`, `require`, `assert` comes out true and false;
 * - operand: so does each operand of `&&` and `||`, wherever it stands;
 * - loop: the body runs not at all and at least once;
 * - clause: each clause of `try` is entered.
 *
 * @returns the conditions, and the places in assembly that cannot be measured
 */
export function conditionsOf(ast: AstNode): { conditions: Condition[]; assembly: AstNode[] } {
  const conditions: Condition[] = [];
  const assembly: AstNode[] = [];
  walk(ast, (node, parents) => {
    const where = placeOf([...parents, node]);
    const add = (kind: BranchKind, at: unknown, before?: Condition["before"]): void =>
      void (isNode(at) && conditions.push({ kind, where, node: at, before }));
    if (node.nodeType === "IfStatement" || node.nodeType === "Conditional") {
      if (!isCompound(node["condition"])) add("decision", node["condition"]);
    } else if (node.nodeType === "FunctionCall" && isAssertion(node)) {
      const [condition] = node["arguments"] as AstNode[];
      if (!isCompound(condition)) add("decision", condition);
    } else if (node.nodeType === "BinaryOperation" && isCompound(node)) {
      for (const side of [node["leftExpression"], node["rightExpression"]])
        if (!isCompound(side)) add("operand", side);
    } else if (/^(For|While)Statement$/.test(node.nodeType)) {
      const before = beforeLoop(node);
      if (before) add("loop", node, before);
    } else if (node.nodeType === "TryCatchClause") add("clause", node["block"]);
    else if (/^Yul(If|ForLoop|Case)$/.test(node.nodeType)) assembly.push(node);
  });
  return { conditions, assembly };
}

/** A condition of operands is decided by them: its outcomes are theirs. */
function isCompound(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.nodeType === "TupleExpression") {
    const [only, ...more] = node["components"] as unknown[];
    return more.length === 0 && isCompound(only);
  }
  if (node.nodeType === "UnaryOperation" && node["operator"] === "!")
    return isCompound(node["subExpression"]);
  return node.nodeType === "BinaryOperation" && ["&&", "||"].includes(String(node["operator"]));
}

function isAssertion(call: AstNode): boolean {
  const name = (call["expression"] as AstNode)["name"];
  return name === "require" || name === "assert";
}

/** What can be evaluated ahead of the loop without a trace; a loop whose condition has effects stays unmeasured. */
function beforeLoop(loop: AstNode): Condition["before"] {
  const condition = loop["condition"];
  const init = loop["initializationExpression"];
  if (!isNode(condition) || !isPure(condition)) return undefined;
  if (!isNode(init)) return { condition };
  const isDeclaration = init.nodeType === "VariableDeclarationStatement";
  return isDeclaration && isPure(init) ? { init, condition } : undefined;
}

function isPure(node: AstNode): boolean {
  let pure = true;
  walk(node, ({ nodeType, kind, operator }) => {
    if (nodeType === "Assignment" || (nodeType === "FunctionCall" && kind === "functionCall")) pure = false;
    if (nodeType === "UnaryOperation" && ["++", "--", "delete"].includes(String(operator))) pure = false;
  });
  return pure;
}

/** The contract and the function around a place; the last of the parents is the place itself. */
export function placeOf(parents: readonly AstNode[]): string {
  const contract = parents.find(({ nodeType }) => nodeType === "ContractDefinition");
  const callable = parents.find(({ nodeType }) => /^(Function|Modifier)Definition$/.test(nodeType));
  const name = callable && (String(callable["name"]) || String(callable["kind"]));
  return [contract?.["name"], name].filter(Boolean).join(".");
}

/** Whether a block's braces are there: inside of them is one byte further. */
export function insideOf(block: AstNode): number {
  return rangeOf(block).start + 1;
}
