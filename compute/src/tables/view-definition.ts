/**
 * The subset of SQL-on-FHIR v2 ViewDefinitions (https://sql-on-fhir.org/ig/2.0.0) that is evaluated here: constant,
 * where, select, column, forEach, forEachOrNull, unionAll. Anything else is refused before a row is read.
 */
import { parseFhirPath } from "@medplum/core";
import * as v from "valibot";
import { ComputeError } from "../errors.ts";

/** FHIR type of a column → how its value is carried in a row. */
export const COLUMN_TYPES = {
  boolean: "boolean",
  integer: "number",
  positiveInt: "number",
  unsignedInt: "number",
  decimal: "number",
  string: "string",
  code: "string",
  id: "string",
  uri: "string",
  date: "string",
  dateTime: "string",
  instant: "string",
} as const;

const name = v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/));
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(1024), v.check(isPureFhirPath));

const column = v.strictObject({
  name,
  path,
  type: v.picklist(Object.keys(COLUMN_TYPES) as (keyof typeof COLUMN_TYPES)[]),
  description: v.optional(v.string()),
});

export interface ViewSelect {
  readonly column?: readonly v.InferOutput<typeof column>[];
  readonly select?: readonly ViewSelect[];
  readonly unionAll?: readonly ViewSelect[];
  readonly forEach?: string;
  readonly forEachOrNull?: string;
}

const select: v.GenericSchema<ViewSelect> = v.strictObject({
  column: v.optional(v.array(column)),
  select: v.optional(v.array(v.lazy(() => select))),
  unionAll: v.optional(v.array(v.lazy(() => select))),
  forEach: v.optional(path),
  forEachOrNull: v.optional(path),
});

const viewDefinition = v.strictObject({
  resourceType: v.optional(v.literal("ViewDefinition")),
  name: v.optional(v.string()),
  status: v.optional(v.string()),
  resource: name,
  constant: v.optional(
    v.array(
      v.union([
        v.strictObject({ name, valueString: v.string() }),
        v.strictObject({ name, valueCode: v.string() }),
        v.strictObject({ name, valueUri: v.string() }),
        v.strictObject({ name, valueInteger: v.pipe(v.number(), v.safeInteger()) }),
        v.strictObject({ name, valueDecimal: v.pipe(v.number(), v.finite()) }),
        v.strictObject({ name, valueBoolean: v.boolean() }),
      ]),
    ),
  ),
  where: v.optional(v.array(v.strictObject({ path, description: v.optional(v.string()) }))),
  select: v.pipe(v.array(select), v.minLength(1)),
});

export type ViewDefinition = v.InferOutput<typeof viewDefinition>;
export type ViewColumn = v.InferOutput<typeof column>;

/** Checks a ViewDefinition. Throws COMPUTE_BadView that names the place and what is not supported there. */
export function parseViewDefinition(input: unknown): ViewDefinition {
  const parsed = v.safeParse(viewDefinition, input);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const place = v.getDotPath(issue) ?? "the view";
    throw new ComputeError(
      "COMPUTE_BadView",
      `The ViewDefinition is not supported at ${place}: ${issue.message}.`,
    );
  }
  const view = parsed.output;
  view.select.forEach(checkSelect);
  const names = columnsOf(view).map((each) => each.name);
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) {
    throw new ComputeError("COMPUTE_BadView", `The ViewDefinition names the column ${twice} twice.`, {
      hint: "Give every column its own name.",
    });
  }
  return view;
}

/** All columns of a view in output order. The branches of a unionAll share theirs. */
export function columnsOf(view: ViewDefinition): readonly ViewColumn[] {
  return view.select.flatMap(columnsOfSelect);
}

export function columnsOfSelect(part: ViewSelect): readonly ViewColumn[] {
  const first = part.unionAll?.[0];
  return [
    ...(part.column ?? []),
    ...(part.select ?? []).flatMap(columnsOfSelect),
    ...(first === undefined ? [] : columnsOfSelect(first)),
  ];
}

function checkSelect(part: ViewSelect): void {
  if (part.forEach !== undefined && part.forEachOrNull !== undefined) {
    throw new ComputeError(
      "COMPUTE_BadView",
      "A select of the ViewDefinition has both forEach and forEachOrNull.",
    );
  }
  const shape = (each: ViewSelect) =>
    JSON.stringify(columnsOfSelect(each).map((col) => [col.name, col.type]));
  const branches = part.unionAll ?? [];
  if (branches.some((branch) => shape(branch) !== shape(branches[0]!))) {
    throw new ComputeError("COMPUTE_BadView", "The branches of a unionAll have different columns.", {
      hint: "Give every branch the same column names and types in the same order.",
    });
  }
  [...(part.select ?? []), ...branches].forEach(checkSelect);
}

/** Parses the path, and refuses the functions whose answer depends on a clock or that the view runner lacks. */
function isPureFhirPath(expression: string): boolean {
  if (/\b(now|today|timeOfDay|resolve|trace|getResourceKey|getReferenceKey)\s*\(/.test(expression))
    return false;
  try {
    parseFhirPath(expression);
    return true;
  } catch {
    return false; // becomes COMPUTE_BadView with the place of the path
  }
}
