import { evalSqlOnFhir } from "@medplum/core";
import { describe, expect, it } from "vitest";
import { compileView } from "./evaluate.ts";
import { parseViewDefinition } from "./view-definition.ts";

const patient = {
  resourceType: "Patient",
  id: "p1",
  active: true,
  birthDate: "1970-05-01",
  name: [{ family: "Ada", given: ["A", "B"] }, { family: "Byron" }],
};

function run(view: unknown, resource: unknown = patient) {
  return compileView(parseViewDefinition(view)).run(resource);
}

const family = { name: "family", path: "family", type: "string" };
const id = { name: "id", path: "id", type: "id" };

describe("compileView", () => {
  // Expected rows are written out by hand from the rules of the specification.
  it("unnests with forEach and keeps outer columns", () => {
    const view = { resource: "Patient", select: [{ column: [id] }, { forEach: "name", column: [family] }] };
    expect(run(view)).toEqual([
      { id: "p1", family: "Ada" },
      { id: "p1", family: "Byron" },
    ]);
  });

  it("drops the resource with forEach over nothing and keeps it with forEachOrNull", () => {
    const select = (loop: object) => ({
      resource: "Patient",
      select: [{ column: [id] }, { ...loop, column: [family] }],
    });
    expect(run(select({ forEach: "contact" }))).toEqual([]);
    expect(run(select({ forEachOrNull: "contact" }))).toEqual([{ id: "p1", family: null }]);
  });

  it("nests selects, as a cross product", () => {
    const given = { forEach: "given", column: [{ name: "given", path: "$this", type: "string" }] };
    const view = { resource: "Patient", select: [{ forEach: "name", column: [family], select: [given] }] };
    expect(run(view)).toEqual([
      { family: "Ada", given: "A" },
      { family: "Ada", given: "B" },
    ]);
  });

  it("concatenates the branches of a unionAll", () => {
    const branch = (path: string) => ({ column: [{ name: "x", path, type: "string" }] });
    expect(run({ resource: "Patient", select: [{ unionAll: [branch("'one'"), branch("'two'")] }] })).toEqual([
      { x: "one" },
      { x: "two" },
    ]);
  });

  it("applies where clauses and constants", () => {
    const view = (year: string) => ({
      resource: "Patient",
      constant: [{ name: "year", valueString: year }],
      where: [{ path: "birthDate.toString().startsWith(%year)" }, { path: "active = true" }],
      select: [{ column: [id] }],
    });
    expect(run(view("1970"))).toEqual([{ id: "p1" }]);
    expect(run(view("1971"))).toEqual([]);
    expect(run(view("1970"), { resourceType: "Observation", id: "o" })).toEqual([]);
  });

  it("gives null for several values, no value, and a value of another type", () => {
    const column = (path: string, type: string) => ({ name: "x", path, type });
    const one = (col: object) => run({ resource: "Patient", select: [{ column: [col] }] });
    expect(one(column("name.family", "string"))).toEqual([{ x: null }]);
    expect(one(column("gender", "code"))).toEqual([{ x: null }]);
    expect(one(column("birthDate", "integer"))).toEqual([{ x: null }]);
  });

  it("agrees with Medplum's own view runner on the parts both support", () => {
    const view = {
      resourceType: "ViewDefinition" as const,
      status: "active" as const,
      name: "v",
      resource: "Patient" as const,
      where: [{ path: "active" }],
      select: [{ column: [id] }, { forEachOrNull: "name", column: [family] }],
    };
    expect(run(view)).toEqual(evalSqlOnFhir(view as never, [patient as never]));
  });
});

describe("parseViewDefinition", () => {
  const withColumn = (column: object) => ({ resource: "Patient", select: [{ column: [column] }] });
  it.each([
    [
      "an unknown member",
      { resource: "Patient", select: [{ repeat: ["item"], column: [id] }] },
      /select\.0.*repeat/,
    ],
    ["a clock", withColumn({ name: "x", path: "today()", type: "date" }), /select\.0\.column\.0\.path/],
    [
      "a path that does not parse",
      withColumn({ name: "x", path: "a..b", type: "string" }),
      /column\.0\.path/,
    ],
    ["an unknown type", withColumn({ name: "x", path: "a", type: "Quantity" }), /column\.0\.type/],
    ["a name used twice", { resource: "Patient", select: [{ column: [id, id] }] }, /column id twice/],
    [
      "union branches that differ",
      { resource: "Patient", select: [{ unionAll: [{ column: [id] }, { column: [family] }] }] },
      /different columns/,
    ],
    [
      "two loops in one select",
      { resource: "Patient", select: [{ forEach: "a", forEachOrNull: "b", column: [id] }] },
      /both forEach and forEachOrNull/,
    ],
  ])("refuses %s", (_name, view, message) => {
    expect(() => parseViewDefinition(view)).toThrow(message);
  });
});
