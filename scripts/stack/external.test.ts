import { describe, expect, it } from "vitest";
import { linkFiles } from "./external-graph.ts";
import { readExternal, requirePlatform } from "./external.ts";
import { fileCid } from "./unixfs.ts";

describe("requirePlatform", () => {
  it("needs nothing from elsewhere on Linux x64", () => {
    expect(() => requirePlatform({}, "linux", "x64")).not.toThrow();
  });

  it.each([
    ["darwin", "arm64"],
    ["win32", "x64"],
    ["linux", "arm64"],
  ])("says on %s %s what must be set", (platform, arch) => {
    const some = { rpc: "http://127.0.0.1:8545" };
    expect(() => requirePlatform(some, platform, arch)).toThrowError(
      expect.objectContaining({
        code: "STACK_PLATFORM",
        hint: expect.stringMatching(/^(?!.*RPC_URL).*POSTGRES_URL.*GRAPH_URL.*docker-compose\.yml/),
      }),
    );
  });

  it("is content elsewhere when every part is given", () => {
    const graph = { query: "http://127.0.0.1:8000", admin: "http://127.0.0.1:8020" };
    const all = { postgres: "postgresql://a:b@127.0.0.1/postgres", rpc: "http://127.0.0.1:8545", graph };
    expect(() => requirePlatform(all, "darwin", "arm64")).not.toThrow();
  });
});

describe("readExternal", () => {
  it("takes graph-node's two addresses together or not at all", () => {
    expect(readExternal({})).toEqual({});
    expect(() => readExternal({ SALUS_EXTERNAL_GRAPH_URL: "http://127.0.0.1:8000" })).toThrowError(
      /ADMIN_URL is not/,
    );
  });
});

describe("fileCid", () => {
  // As `ipfs add` (kubo) names these contents.
  it.each([
    ["hello world\n", "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o"],
    ["hello world", "Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD"],
  ])("names %j as IPFS does", (content, cid) => {
    expect(fileCid(Buffer.from(content))).toBe(cid);
  });
});

describe("linkFiles", () => {
  it("names each file by its CID and leaves the rest", () => {
    const manifest =
      "schema:\n  file: schema.graphql\ndataSources:\n  - kind: ethereum/contract\n    mapping:\n      file: A/A.wasm\n";
    expect(linkFiles(manifest, (path) => `cid-of-${path}`)).toBe(
      "schema:\n  file:\n    /: /ipfs/cid-of-schema.graphql\ndataSources:\n  - kind: ethereum/contract\n    mapping:\n      file:\n        /: /ipfs/cid-of-A/A.wasm\n",
    );
  });
});
