import { placeOf } from "../branches/conditions.ts";
import { type AstNode, isNode, textOf, typeOf, walk } from "../lab/ast.ts";
import {
  type Change,
  constantChanges,
  literalChanges,
  negation,
  operatorChanges,
  returnChanges,
  swaps,
} from "./expressions.ts";
import type { MutantKind, Mutation } from "./mutation.ts";

/** Modifiers whose check can be taken away: that of OpenZeppelin's AccessManaged. */
const RESTRICTION = "restricted";

/** Every change that the operators can make to a source. */
export function mutationsOf(ast: AstNode, source: Buffer, constants: ReadonlySet<number>): Mutation[] {
  const found: Mutation[] = [];
  walk(ast, (node, parents) => {
    if (isOutside(node)) return false;
    if (
      !parents.some(({ nodeType }) => nodeType === "FunctionDefinition" || nodeType === "ModifierDefinition")
    )
      return;
    const where = placeOf(parents);
    const add = (level: Mutation["level"], at: unknown, changes: readonly Change[]): void => {
      if (isNode(at)) found.push(...changes.map(([kind, text]) => ({ kind, where, node: at, level, text })));
    };
    expressionMutations(node, parents, source, constants, add);
    statementMutations(node, parents, source, add);
    return;
  });
  return found;
}

type Add = (level: Mutation["level"], at: unknown, changes: readonly Change[]) => void;

/** Interfaces decide nothing; a constant's value must be known to the compiler, so it is changed where it is used. */
function isOutside(node: AstNode): boolean {
  if (node.nodeType === "ContractDefinition") return node["contractKind"] === "interface";
  if (node.nodeType === "VariableDeclaration" && node["stateVariable"] === true) return true;
  return [
    "StructDefinition",
    "EventDefinition",
    "ErrorDefinition",
    "EnumDefinition",
    "InlineAssembly",
  ].includes(node.nodeType);
}

function expressionMutations(
  node: AstNode,
  parents: readonly AstNode[],
  source: Buffer,
  constants: ReadonlySet<number>,
  add: Add,
): void {
  const parent = parents.at(-1);
  if (node.nodeType === "BinaryOperation") add("expression", node, operatorChanges(node, source));
  else if (node.nodeType === "Literal") add("expression", node, literalChanges(node, parent, source));
  else if (isConstantName(node, parent)) add("expression", node, constantChanges(node, constants, source));
  else if (node.nodeType === "Return" && isNode(node["expression"])) {
    add("expression", node["expression"], returnChanges(node["expression"], source));
  } else if (node.nodeType === "FunctionCall" && !isStatementOf(node, parent)) {
    if (yieldsOneValue(node))
      add(
        "expression",
        node,
        swaps(node, source).map((text) => ["swapped arguments", text]),
      );
  } else if (node.nodeType === "Conditional")
    add("expression", node["condition"], negation(node["condition"], source));
  else if (node.nodeType === "IfStatement") {
    // What refuses is taken away as well as turned round.
    if (isRefusal(node["trueBody"])) add("expression", node["condition"], [["removed check", "false"]]);
    add("expression", node["condition"], negation(node["condition"], source));
  }
}

function isConstantName(node: AstNode, parent: AstNode | undefined): boolean {
  if (node.nodeType === "Identifier") return parent?.nodeType !== "MemberAccess";
  return node.nodeType === "MemberAccess";
}

function yieldsOneValue(call: AstNode): boolean {
  const type = typeOf(call);
  return (
    type !== "" &&
    !type.startsWith("tuple(") &&
    !type.startsWith("error") &&
    call["kind"] !== "typeConversion"
  );
}

function isStatementOf(call: AstNode, parent: AstNode | undefined): boolean {
  return (
    ["ExpressionStatement", "EmitStatement", "RevertStatement"].includes(parent?.nodeType ?? "") &&
    isNode(call)
  );
}

function statementMutations(node: AstNode, parents: readonly AstNode[], source: Buffer, add: Add): void {
  const remove = (kind: MutantKind): void => add("statement", node, [[kind, ""]]);
  const swap = (call: AstNode, before: string): void =>
    add(
      "statement",
      node,
      swaps(call, source).map((text) => ["swapped arguments", `${before}${text};`]),
    );
  if (node.nodeType === "EmitStatement") {
    remove("removed event");
    swap(node["eventCall"] as AstNode, "emit ");
  } else if (node.nodeType === "RevertStatement") {
    if (!isOnlyOfIf(node, parents)) remove("removed check");
    swap(node["errorCall"] as AstNode, "revert ");
  } else if (node.nodeType === "ExpressionStatement" && parents.at(-1)?.nodeType !== "ForStatement") {
    const expression = node["expression"] as AstNode;
    if (!pointsAtStorage(expression)) remove(isCheck(expression) ? "removed check" : "removed statement");
    if (expression.nodeType === "FunctionCall") swap(expression, "");
    if (expression.nodeType === "Assignment") add("statement", node, assignmentChanges(expression, source));
  } else if (node.nodeType === "ModifierInvocation") {
    const name = (node["modifierName"] as AstNode)["name"];
    if (name === RESTRICTION) add("modifier", node, [["removed restriction", ""]]);
  }
}

/** The compiler wants a pointer into storage to be set. */
function pointsAtStorage(expression: AstNode): boolean {
  const left = expression["leftHandSide"];
  return expression.nodeType === "Assignment" && isNode(left) && typeOf(left).endsWith("storage pointer");
}

function assignmentChanges(assignment: AstNode, source: Buffer): Change[] {
  const other = ({ "+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=" } as Record<string, string>)[
    String(assignment["operator"])
  ];
  if (!other) return [];
  const [left, right] = [assignment["leftHandSide"], assignment["rightHandSide"]] as AstNode[];
  return [["assignment", `${textOf(left!, source)} ${other} ${textOf(right!, source)};`]];
}

/** A call of a function that is named as a check, or `require`. */
function isCheck(expression: AstNode): boolean {
  const name = (expression["expression"] as AstNode | undefined)?.["name"];
  return expression.nodeType === "FunctionCall" && /^(_check|require$|assert$)/.test(String(name));
}

function isRefusal(body: unknown): boolean {
  if (!isNode(body)) return false;
  if (body.nodeType === "RevertStatement") return true;
  const statements = body["statements"];
  return Array.isArray(statements) && statements.length === 1 && isRefusal(statements[0]);
}

/** The refusal of an `if` goes with its condition. */
function isOnlyOfIf(node: AstNode, parents: readonly AstNode[]): boolean {
  const holder = parents.findLast(({ nodeType }) => nodeType !== "Block");
  return holder?.nodeType === "IfStatement" && isRefusal(holder["trueBody"]) && holder["falseBody"] !== node;
}
