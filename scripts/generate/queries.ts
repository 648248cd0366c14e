/**
 * Writes what SDK and web know of the subgraph's queries: `sdk/src/generated/queries.ts` with a typed document for each
 * query in `subgraph/queries`, and `sdk/src/generated/queryTexts.ts` with the same queries as typed texts, for callers
 * without a GraphQL library. `--check` writes nothing and fails where a file is out of date.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { codegen } from "@graphql-codegen/core";
import * as operations from "@graphql-codegen/typescript-operations";
import {
  buildSchema,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from "graphql";
import { generate, root } from "./files.ts";
import { subgraphApi } from "./subgraphApi.ts";

const HEX = "`0x${string}`";

/** Numbers that may exceed 2^53 travel as decimal strings. */
const SCALARS = {
  BigInt: "string",
  BigDecimal: "string",
  Bytes: HEX,
  Int8: "string",
  Timestamp: "string",
  ID: "string",
};

interface Query {
  name: string;
  document: DocumentNode;
}

function readQueries(): DocumentNode {
  const folder = join(root, "subgraph/queries");
  const files = globSync("*.graphql", { cwd: folder }).sort();
  const definitions = files.flatMap(
    (file) => parse(readFileSync(join(folder, file), "utf8"), { noLocation: true }).definitions,
  );
  return { kind: Kind.DOCUMENT, definitions };
}

/** Each query with the fragments that it needs, its own and theirs. */
function split(all: DocumentNode): Query[] {
  const fragments = new Map(
    all.definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  return all.definitions
    .filter((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION)
    .map((node) => {
      const used = new Map<string, FragmentDefinitionNode>();
      collect(node, fragments, used);
      return {
        name: node.name!.value,
        document: { kind: Kind.DOCUMENT, definitions: [node, ...used.values()] },
      };
    });
}

function collect(
  node: DefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  used: Map<string, FragmentDefinitionNode>,
): void {
  visit(node, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (!fragment) throw new Error(`The fragment ${name.value} is in no file of subgraph/queries.`);
      if (used.has(name.value)) return;
      used.set(name.value, fragment);
      collect(fragment, fragments, used);
    },
  });
}

/** Types of all variables and results. Validates the queries against the schema. */
async function types(document: DocumentNode): Promise<string> {
  const api = subgraphApi(readFileSync(join(root, "subgraph/schema.graphql"), "utf8"));
  const schemaAst = buildSchema(api);
  return codegen({
    filename: "queries.ts",
    schema: parse(api),
    schemaAst,
    documents: [{ location: "subgraph/queries", document }],
    config: {},
    pluginMap: { operations },
    plugins: [
      {
        operations: {
          scalars: SCALARS,
          strictScalars: true,
          useTypeImports: true,
          flattenGeneratedTypes: true,
          namingConvention: "keep",
        },
      },
    ],
  });
}

function documentsFile(typeText: string, queries: Query[]): string {
  const documents = queries.map(
    ({ name, document }) =>
      `export const ${name}Document = ${JSON.stringify(document)} as unknown as TypedDocumentNode<${name}Query, ${name}QueryVariables>;\n`,
  );
  return [
    'import type { TypedDocumentNode } from "@graphql-typed-document-node/core";\n',
    typeText.trim(),
    "",
    ...documents,
  ].join("\n");
}

function textsFile(queries: Query[]): string {
  const names = queries.flatMap(({ name }) => [`${name}Query`, `${name}QueryVariables`]);
  const texts = queries.map(({ name, document }) => {
    const constant = `${name.charAt(0).toLowerCase()}${name.slice(1)}Query`;
    return `export const ${constant} = ${JSON.stringify(compact(print(document)))} as QueryText<${name}Query, ${name}QueryVariables>;\n`;
  });
  return [
    `import type { ${names.join(", ")} } from "./queries.ts";\n`,
    "/** The text of a query, with the types of its answer and its variables. */",
    "export type QueryText<Answer, Variables> = string & { readonly __types?: (variables: Variables) => Answer };\n",
    ...texts,
  ].join("\n");
}

/** Without indentation: the texts hold no block strings. */
function compact(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

const all = readQueries();
const queries = split(all);
generate(
  {
    "sdk/src/generated/queries.ts": documentsFile(await types(all), queries),
    "sdk/src/generated/queryTexts.ts": textsFile(queries),
  },
  "node scripts/generate/queries.ts",
);
