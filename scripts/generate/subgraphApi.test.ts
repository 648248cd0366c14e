import { buildSchema, GraphQLInputObjectType, GraphQLObjectType } from "graphql";
import { describe, expect, it } from "vitest";
import { subgraphApi } from "./subgraphApi.ts";

const api = (source: string) => buildSchema(subgraphApi(source));
const source = `
  enum Size { Small Large }
  type City @entity(immutable: false) {
    id: Bytes!
    name: String!
    size: Size!
    people: [Person!]! @derivedFrom(field: "city")
  }
  type Person @entity(immutable: true) { id: Bytes! city: City age: Int! friends: [Person!]! tags: [String!]! }
`;

// What graph-node makes of this schema, from its documentation. The test on graph-node itself is in test/subgraph.
describe("subgraphApi", () => {
  it("gives each entity a field for one and a field for many", () => {
    const query = api(source).getQueryType()!.getFields();
    expect(String(query.city!.type)).toBe("City");
    expect(String(query.cities!.type)).toBe("[City!]!");
    expect(query.people ?? query.persons).toBeDefined();
    expect(query.cities!.args.map(({ name }) => name)).toEqual([
      "skip",
      "first",
      "orderBy",
      "orderDirection",
      "where",
      "block",
      "subgraphError",
    ]);
  });

  it("types filters by column: references are strings, derived lists have none", () => {
    const person = (api(source).getType("Person_filter") as GraphQLInputObjectType).getFields();
    expect(String(person.city!.type)).toBe("String");
    expect(String(person.city_!.type)).toBe("City_filter");
    expect(String(person.age_in!.type)).toBe("[Int!]");
    expect(String(person.tags_contains_nocase!.type)).toBe("[String!]");
    expect(String(person.id_gt!.type)).toBe("Bytes");
    const city = (api(source).getType("City_filter") as GraphQLInputObjectType).getFields();
    expect(city.people).toBeUndefined();
    expect(city.size_gt).toBeUndefined();
    expect(city.name_starts_with_nocase).toBeDefined();
  });

  it("gives lists of entities a page and leaves other fields alone", () => {
    const person = (api(source).getType("Person") as GraphQLObjectType).getFields();
    expect(person.friends!.args.map(({ name }) => name)).toContain("where");
    expect(person.tags!.args).toEqual([]);
  });

  it("refuses names whose plural it cannot be sure of", () => {
    expect(() => api("type Stats @entity(immutable: true) { id: Bytes! }")).toThrow("plural of stats");
  });
});
