import { cidOf } from "@salus/sdk/cid";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { getPublicFile } from "./public-file.ts";
import { gatewayAddress, gatewayTarget } from "./reach.ts";

const ORIGIN = "https://salus.example";
beforeEach(() => vi.stubGlobal("location", { origin: ORIGIN }));
afterEach(() => vi.unstubAllGlobals());

describe("a gateway behind this site", () => {
  it("is reached under its name, with the path that the request signs", async () => {
    const asked: unknown[] = [];
    vi.stubGlobal("fetch", async (input: unknown) => (asked.push(input), new Response("{}")));
    const { url, fetch: send } = gatewayAddress("north");
    await send!(new URL("/v1/orders/0x1/result?a=b", url));
    expect(asked).toEqual(["/api/gateway/north/v1/orders/0x1/result?a=b"]);
  });
  it("must be one that this site knows", () => {
    const config = { chainId: 1, gateways: ["north"], contracts: { GatewayRegistry: "0x01" as const } };
    expect(gatewayTarget(config, { name: "north", number: 3 })).toMatchObject({ index: 3, chainId: 1 });
    expect(() => gatewayTarget(config, { name: "south", number: 1 })).toThrow(
      expect.objectContaining({ code: "WEB_GATEWAY_UNKNOWN" }),
    );
  });
});

describe("a public file", () => {
  const bytes = new TextEncoder().encode("leaves");
  const cid = cidOf(bytes);
  const answers = (by: Record<string, () => Response>) =>
    vi.stubGlobal("fetch", async (path: string) => by[path.split("/")[3]!]!());

  it("comes from the first gateway whose bytes belong to its content id", async () => {
    answers({
      down: () => new Response("", { status: 502 }),
      liar: () => new Response("other leaves"),
      honest: () => new Response(bytes),
    });
    expect(await getPublicFile(["down", "liar", "honest"], cid)).toEqual(bytes);
  });
  it("that nobody has says what each gateway answered", async () => {
    answers({ down: () => new Response("", { status: 502 }), liar: () => new Response("other leaves") });
    await expect(getPublicFile(["down", "liar"], cid)).rejects.toMatchObject({
      code: "WEB_FILE_MISSING",
      detail: `${cid} (down: answered 502; liar: served other bytes)`,
    });
  });
});
