import { type AstNode, isNode, textOf, typeOf } from "../lab/ast.ts";
import type { MutantKind } from "./mutation.ts";

/** A change of an expression: its kind and the text in its place. */
export type Change = readonly [MutantKind, string];

const BOUNDARY: Readonly<Record<string, string>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
const COMPARISON: Readonly<Record<string, string>> = { "==": "!=", "!=": "==" };
const ARITHMETIC: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "/",
  "<<": ">>",
  ">>": "<<",
  "&": "|",
  "|": "&",
  "^": "&",
};

/** Changes of an operation of two operands. */
export function operatorChanges(node: AstNode, source: Buffer): Change[] {
  const operator = String(node["operator"]);
  const [left, right] = [node["leftExpression"], node["rightExpression"]].map((side) =>
    textOf(side as AstNode, source),
  );
  const joined = (other: string): string => `(${left}) ${other} (${right})`;
  if (operator in BOUNDARY) return [["boundary", joined(BOUNDARY[operator]!)]];
  if (operator in COMPARISON) return [["comparison", joined(COMPARISON[operator]!)]];
  if (operator === "&&" || operator === "||") {
    const other = operator === "&&" ? "||" : "&&";
    return [joined(other), left!, right!].map((text) => ["logic", text] as const);
  }
  // An operation of literals is worked out by the compiler: another operator would change its type.
  if (operator in ARITHMETIC && /^u?int\d+$/.test(typeOf(node)))
    return [["arithmetic", joined(ARITHMETIC[operator]!)]];
  return [];
}

/** A number that stands beside an operator, one more and nothing; its type is that of the operation. */
export function literalChanges(node: AstNode, parent: AstNode | undefined, source: Buffer): Change[] {
  if (node["kind"] !== "number" || node["subdenomination"]) return [];
  const type = (parent?.["commonType"] as { typeString?: string } | undefined)?.typeString ?? "";
  if (parent?.nodeType !== "BinaryOperation" || !/^u?int\d+$/.test(type)) return [];
  const text = textOf(node, source);
  if (!/^[0-9_]+$/.test(text)) return [];
  const value = BigInt(text.replaceAll("_", ""));
  const bits = Number(/\d+$/.exec(type)![0]);
  const others = [value + 1n, value === 0n ? undefined : 0n].filter((other) => other !== undefined);
  return others
    .filter((other) => other < 2n ** BigInt(bits))
    .map((other) => ["constant", `${type}(${other})`]);
}

/** A constant's name in an expression: one more, or another digest. */
export function constantChanges(node: AstNode, constants: ReadonlySet<number>, source: Buffer): Change[] {
  if (!constants.has(Number(node["referencedDeclaration"]))) return [];
  const text = textOf(node, source);
  if (/^u?int\d+$/.test(typeOf(node))) return [["constant", `${text} + 1`]];
  return typeOf(node) === "bytes32" ? [["constant", `bytes32(uint256(${text}) ^ 1)`]] : [];
}

/** What a function returns, turned into its opposite. */
export function returnChanges(expression: AstNode, source: Buffer): Change[] {
  const text = textOf(expression, source);
  const type = typeOf(expression);
  if (type === "bool" && !isComparison(expression)) return [["returned value", `!(${text})`]];
  if (/^uint\d+$/.test(type)) return [["returned value", `(${text}) ^ 1`]];
  if (type === "bytes32") return [["returned value", `bytes32(uint256(${text}) ^ 1)`]];
  return [];
}

/** The opposite of a condition; of `==` and `!=` the comparison itself is changed. */
export function negation(condition: unknown, source: Buffer): Change[] {
  if (!isNode(condition) || isComparison(condition)) return [];
  return [["negation", `!(${textOf(condition, source)})`]];
}

function isComparison(node: AstNode): boolean {
  return node.nodeType === "BinaryOperation" && String(node["operator"]) in COMPARISON;
}

/** Each two neighbours among a call's arguments that have one type, exchanged. */
export function swaps(call: AstNode, source: Buffer): string[] {
  const given = call["arguments"] as AstNode[];
  const names = call["names"] as string[] | undefined;
  if (given.length < 2 || (names && names.length > 0) || call["kind"] === "typeConversion") return [];
  const texts = given.map((argument) => textOf(argument, source));
  const head = textOf(call["expression"] as AstNode, source);
  return given.slice(1).flatMap((argument, i) => {
    const same = typeOf(argument) === typeOf(given[i]!) && texts[i] !== texts[i + 1];
    const isLiteral = argument.nodeType === "Literal" || given[i]!.nodeType === "Literal";
    if (!same || isLiteral) return [];
    const swapped = texts.with(i, texts[i + 1]!).with(i + 1, texts[i]!);
    return [`${head}(${swapped.join(", ")})`];
  });
}
