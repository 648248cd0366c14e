/**
 * The GraphQL API that graph-node derives from a subgraph's schema, as far as the project's queries use it: root fields,
 * filters, orders, pages and `_meta`. A subset of the real one, so what is valid here is valid there; left out are filters
 * by children (which graph-node allows one level deep) of derived lists, and subscriptions, which it no longer has.
 */
import { type FieldDefinitionNode, Kind, type ObjectTypeDefinitionNode, parse, type TypeNode } from "graphql";

const EQUALITY = ["", "_not", "_in", "_not_in"];
const ORDER = ["_gt", "_lt", "_gte", "_lte"];
const TEXT = ["_contains", "_starts_with", "_ends_with"].flatMap((op) => [
  op,
  `${op}_nocase`,
  `_not${op}`,
  `_not${op}_nocase`,
]);
const LIST = ["", "_not", "_contains", "_not_contains"];
const LIST_NOCASE = ["_contains_nocase", "_not_contains_nocase"];

/** Operators by kind of column, as in graph-node's `field_filter_ops`. */
const OPERATORS: Record<string, string[]> = {
  Boolean: EQUALITY,
  enum: EQUALITY,
  ID: [...EQUALITY, ...ORDER],
  Int: [...EQUALITY, ...ORDER],
  Int8: [...EQUALITY, ...ORDER],
  BigInt: [...EQUALITY, ...ORDER],
  BigDecimal: [...EQUALITY, ...ORDER],
  Timestamp: [...EQUALITY, ...ORDER],
  Bytes: [...EQUALITY, ...ORDER, "_contains", "_not_contains"],
  String: [...EQUALITY, ...ORDER, ...TEXT],
};

const PREAMBLE = `
directive @entity(immutable: Boolean!) on OBJECT
directive @derivedFrom(field: String!) on FIELD_DEFINITION
scalar BigInt
scalar BigDecimal
scalar Bytes
scalar Int8
scalar Timestamp
enum OrderDirection { asc desc }
enum _SubgraphErrorPolicy_ { allow deny }
input Block_height { hash: Bytes number: Int number_gte: Int }
input BlockChangedFilter { number_gte: Int! }
type _Block_ { hash: Bytes number: Int! timestamp: Int parentHash: Bytes }
type _Meta_ { block: _Block_! deployment: String! hasIndexingErrors: Boolean! }
`;

interface Model {
  entities: Map<string, ObjectTypeDefinitionNode>;
  enums: Set<string>;
  enumText: string[];
}

/**
 * @param source text of a `schema.graphql`
 * @returns the API's schema in SDL
 */
export function subgraphApi(source: string): string {
  const model = read(source);
  const entities = [...model.entities.values()];
  const roots = entities.flatMap(rootFields);
  return [
    PREAMBLE,
    ...model.enumText,
    ...entities.map((entity) => objectType(entity, model)),
    ...entities.map((entity) => filterType(entity, model)),
    ...entities.map((entity) => orderType(entity, model)),
    `type Query {\n${roots.join("\n")}\n  _meta(block: Block_height): _Meta_\n}`,
  ].join("\n");
}

function read(source: string): Model {
  const model: Model = { entities: new Map(), enums: new Set(), enumText: [] };
  for (const node of parse(source).definitions) {
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION) {
      model.entities.set(node.name.value, node);
    } else if (node.kind === Kind.ENUM_TYPE_DEFINITION) {
      model.enums.add(node.name.value);
      const values = node.values!.map((value) => value.name.value);
      model.enumText.push(`enum ${node.name.value} { ${values.join(" ")} }`);
    } else {
      throw new Error(`The schema holds a ${node.kind}; this generator knows objects and enums.`);
    }
  }
  return model;
}

function objectType(entity: ObjectTypeDefinitionNode, model: Model): string {
  const fields = entity.fields!.map((field) => {
    const target = namedType(field.type);
    const arguments_ = isList(field.type) && model.entities.has(target) ? `(${pageArguments(target)})` : "";
    return `  ${field.name.value}${arguments_}: ${typeText(field.type)}`;
  });
  return `type ${entity.name.value} {\n${fields.join("\n")}\n}`;
}

function rootFields(entity: ObjectTypeDefinitionNode): string[] {
  const name = entity.name.value;
  const one = name.charAt(0).toLowerCase() + name.slice(1);
  const common = "block: Block_height, subgraphError: _SubgraphErrorPolicy_! = deny";
  return [
    `  ${one}(id: ID!, ${common}): ${name}`,
    `  ${plural(one)}(${pageArguments(name)}, ${common}): [${name}!]!`,
  ];
}

function pageArguments(entity: string): string {
  return `skip: Int = 0, first: Int = 100, orderBy: ${entity}_orderBy, orderDirection: OrderDirection, where: ${entity}_filter`;
}

/** Names are chosen so that English needs an s or an ies; graph-node's inflector agrees on these. */
function plural(name: string): string {
  if (/(s|x|z|ch|sh|f|fe|o|data)$/i.test(name)) {
    throw new Error(`The plural of ${name} is not certain. Choose another name.`);
  }
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

function filterType(entity: ObjectTypeDefinitionNode, model: Model): string {
  const name = entity.name.value;
  const fields = entity.fields!.flatMap((field) => fieldFilters(field, model));
  const common = ["_change_block: BlockChangedFilter", `and: [${name}_filter]`, `or: [${name}_filter]`];
  return `input ${name}_filter {\n${[...fields, ...common].map((line) => `  ${line}`).join("\n")}\n}`;
}

function fieldFilters(field: FieldDefinitionNode, model: Model): string[] {
  if (isDerived(field)) return [];
  const name = field.name.value;
  const target = namedType(field.type);
  const reference = model.entities.has(target);
  const column = reference ? "String" : target;
  const child = reference ? [`${name}_: ${target}_filter`] : [];
  return [
    ...operatorsOf(field, column, model).map((op) => `${name}${op}: ${argument(field, column, op)}`),
    ...child,
  ];
}

function operatorsOf(field: FieldDefinitionNode, column: string, model: Model): string[] {
  if (isList(field.type)) return namedType(field.type) === "String" ? [...LIST, ...LIST_NOCASE] : LIST;
  const operators = OPERATORS[model.enums.has(column) ? "enum" : column];
  if (!operators) throw new Error(`No filter is known for the type ${column}.`);
  return operators;
}

function argument(field: FieldDefinitionNode, column: string, operator: string): string {
  return isList(field.type) || operator.endsWith("_in") ? `[${column}!]` : column;
}

/** Orders of an entity, and one level deep of what it refers to. */
function orderType(entity: ObjectTypeDefinitionNode, model: Model): string {
  const values = entity.fields!.flatMap((field) => {
    const target = model.entities.get(namedType(field.type));
    const own = field.name.value;
    if (!target || isList(field.type)) return [own];
    const scalars = target.fields!.filter(
      (inner) => !isList(inner.type) && !model.entities.has(namedType(inner.type)),
    );
    return [own, ...scalars.map((inner) => `${own}__${inner.name.value}`)];
  });
  return `enum ${entity.name.value}_orderBy { ${values.join(" ")} }`;
}

function isDerived(field: FieldDefinitionNode): boolean {
  return (field.directives ?? []).some((directive) => directive.name.value === "derivedFrom");
}

function isList(type: TypeNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE ? isList(type.type) : type.kind === Kind.LIST_TYPE;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function typeText(type: TypeNode): string {
  if (type.kind === Kind.NAMED_TYPE) return type.name.value;
  return type.kind === Kind.LIST_TYPE ? `[${typeText(type.type)}]` : `${typeText(type.type)}!`;
}
