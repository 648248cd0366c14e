import {
  evalFhirPathTyped,
  parseFhirPath,
  toTypedValue,
  type FhirPathAtom,
  type TypedValue,
} from "@medplum/core";
import {
  COLUMN_TYPES,
  columnsOf,
  columnsOfSelect,
  type ViewColumn,
  type ViewDefinition,
  type ViewSelect,
} from "./view-definition.ts";

export type CellValue = string | number | boolean | null;
export type ViewRow = Readonly<Record<string, CellValue>>;

/** A checked ViewDefinition, ready to be run on resources. */
export interface CompiledView {
  readonly resource: string;
  readonly columns: readonly ViewColumn[];
  /** The rows of one resource; none for a resource of another type or one that the where clauses leave out. */
  run(resource: unknown): ViewRow[];
}

type Variables = Record<string, TypedValue>;

/** Prepares a view that `parseViewDefinition` accepted. Paths are parsed once. */
export function compileView(view: ViewDefinition): CompiledView {
  const variables = constantsOf(view);
  const filters = (view.where ?? []).map((each) => parseFhirPath(each.path));
  const selects = view.select.map((each) => compileSelect(each));
  return {
    resource: view.resource,
    columns: columnsOf(view),
    run(resource) {
      if (!isResourceOf(resource, view.resource)) return [];
      const focus = toTypedValue(resource);
      const inScope = { ...variables, "%resource": focus, "%context": focus };
      const kept = filters.every((filter) => isTrue(evalFhirPathTyped(filter, [focus], inScope)));
      return kept ? cross(selects.map((each) => each(focus, inScope))) : [];
    },
  };
}

function isResourceOf(resource: unknown, type: string): boolean {
  return (
    typeof resource === "object" &&
    resource !== null &&
    "resourceType" in resource &&
    resource.resourceType === type
  );
}

function isTrue(values: readonly TypedValue[]): boolean {
  return values.length === 1 && values[0]!.value === true;
}

function constantsOf(view: ViewDefinition): Variables {
  const variables: Variables = {};
  for (const { name, ...rest } of view.constant ?? [])
    variables[`%${name}`] = toTypedValue(Object.values(rest)[0]);
  return variables;
}

type SelectRunner = (focus: TypedValue, variables: Variables) => ViewRow[];

/** The Process(select, node) of the specification: foci, then the cross product of columns, selects and the union. */
function compileSelect(part: ViewSelect): SelectRunner {
  const loop = part.forEach ?? part.forEachOrNull;
  const path = loop === undefined ? undefined : parseFhirPath(loop);
  const columns = (part.column ?? []).map((each) => ({ column: each, path: parseFhirPath(each.path) }));
  const nested = (part.select ?? []).map(compileSelect);
  const union = part.unionAll?.map(compileSelect);
  const nullRow = Object.fromEntries(columnsOfSelect(part).map((each) => [each.name, null]));

  return (node, variables) => {
    const foci = path === undefined ? [node] : evalFhirPathTyped(path, [node], variables);
    if (foci.length === 0 && part.forEachOrNull !== undefined) return [nullRow];
    return foci.flatMap((focus) => {
      const parts = [
        [readColumns(columns, focus, variables)],
        ...nested.map((each) => each(focus, variables)),
      ];
      if (union !== undefined) parts.push(union.flatMap((each) => each(focus, variables)));
      return cross(parts);
    });
  };
}

function readColumns(
  columns: readonly { column: ViewColumn; path: FhirPathAtom }[],
  focus: TypedValue,
  variables: Variables,
): ViewRow {
  const row: Record<string, CellValue> = {};
  for (const { column, path } of columns) {
    row[column.name] = toCell(evalFhirPathTyped(path, [focus], variables), column);
  }
  return row;
}

/** A column holds one value of its declared type; several values or another type make the cell null. */
function toCell(values: readonly TypedValue[], column: ViewColumn): CellValue {
  const value: unknown = values.length === 1 ? values[0]!.value : null;
  const wanted = COLUMN_TYPES[column.type];
  if (typeof value !== wanted || (typeof value === "number" && !Number.isFinite(value))) return null;
  return value as CellValue;
}

function cross(parts: readonly ViewRow[][]): ViewRow[] {
  return parts.reduce<ViewRow[]>(
    (rows, part) => rows.flatMap((row) => part.map((addition) => ({ ...row, ...addition }))),
    [{}],
  );
}
