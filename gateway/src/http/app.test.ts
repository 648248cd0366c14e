import { describe, expect, it } from "vitest";
import { testContext } from "../../../test/support/gateway-context.ts";
import type { Db } from "../database/connect.ts";
import { buildApp } from "./app.ts";
import { ROUTE_DOCS } from "./route-docs.ts";
import { ROUTE_LIMITS } from "./route-limits.ts";

describe("the app", () => {
  it("has limits, a description and examples for each route that any part of it adds", async () => {
    const added: string[] = [];
    // No request is made, so nothing is asked of a database.
    const app = await buildApp(testContext(1, undefined as unknown as Db), ({ method, url }) => {
      for (const each of [method].flat()) if (each !== "HEAD") added.push(`${each} ${url}`);
    });
    try {
      await app.ready();
      expect(added.toSorted()).toEqual(Object.keys(ROUTE_LIMITS).toSorted());
      expect(Object.keys(ROUTE_DOCS).toSorted()).toEqual(Object.keys(ROUTE_LIMITS).toSorted());
      const { paths } = (await app.inject({ method: "GET", url: "/openapi.json" })).json() as {
        paths: object;
      };
      expect(Object.keys(paths).length).toBeGreaterThan(35);
    } finally {
      await app.close();
    }
  });
});
