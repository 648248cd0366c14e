/** A node of the compiler's syntax tree; members depend on `nodeType`. */
export interface AstNode {
  nodeType: string;
  id: number;
  /** offset:length:file, in bytes */
  src: string;
  [member: string]: unknown;
}

/** Offsets of a node in its file, in bytes, end excluded. */
export function rangeOf({ src }: AstNode): { start: number; end: number } {
  const [start, length] = src.split(":").map(Number) as [number, number];
  return { start, end: start + length };
}

export function isNode(value: unknown): value is AstNode {
  return typeof value === "object" && value !== null && "nodeType" in value && "src" in value;
}

/** The nodes directly below, in the order of the source. */
export function childrenOf(node: AstNode): AstNode[] {
  const found: AstNode[] = [];
  for (const value of Object.values(node)) {
    if (isNode(value)) found.push(value);
    else if (Array.isArray(value)) found.push(...value.filter(isNode));
  }
  return found.sort((a, b) => rangeOf(a).start - rangeOf(b).start);
}

/** Visits a node and all below it, parents first; `enter` answers false to leave out what is below. */
export function walk(
  node: AstNode,
  enter: (node: AstNode, parents: readonly AstNode[]) => boolean | void,
): void {
  const visit = (at: AstNode, parents: readonly AstNode[]): void => {
    if (enter(at, parents) === false) return;
    for (const child of childrenOf(at)) visit(child, [...parents, at]);
  };
  visit(node, []);
}

/** The type of an expression as the compiler names it, e.g. `uint256`. */
export function typeOf(node: AstNode): string {
  const descriptions = node["typeDescriptions"] as { typeString?: string | null } | undefined;
  return descriptions?.typeString ?? "";
}

/** The source text of a node. */
export function textOf(node: AstNode, source: Buffer): string {
  const { start, end } = rangeOf(node);
  return source.subarray(start, end).toString();
}

/** Where a statement ends, its semicolon included: the compiler leaves it out of a simple statement's range. */
export function statementEnd(node: AstNode, source: Buffer): number {
  const { end } = rangeOf(node);
  if ("};".includes(String.fromCharCode(source[end - 1]!))) return end;
  const rest = /^\s*;/.exec(source.subarray(end, end + 200).toString());
  return rest ? end + Buffer.byteLength(rest[0]) : end;
}

/** Line of an offset, from 1. */
export function lineOf(source: Buffer, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset; i++) if (source[i] === 10) line++;
  return line;
}
