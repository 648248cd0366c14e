import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installedMatches } from "./install.mjs";

type Packages = Record<string, Record<string, unknown>>;
const A = { version: "1.0.0", integrity: "sha512-a" };
const B = { version: "2.0.0", integrity: "sha512-b", optional: true };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "salus-install-"));
  mkdirSync(join(root, "node_modules"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function matches(locked: Packages, installed: Packages, inFolders = installed): boolean {
  for (const [path, { version }] of Object.entries(inFolders)) {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, "package.json"), JSON.stringify({ version }));
  }
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: { "": {}, ...locked } }));
  writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
  return installedMatches(root);
}

describe("installedMatches", () => {
  it("accepts what the lockfile says, optional packages of other systems left out", () => {
    expect(matches({ "node_modules/a": A, "node_modules/b": B }, { "node_modules/a": A })).toBe(true);
  });

  it.each<[string, Packages, Packages]>([
    ["a package is missing", { "node_modules/a": A }, {}],
    ["a version differs", { "node_modules/a": A }, { "node_modules/a": { ...A, version: "1.0.1" } }],
    ["the content differs", { "node_modules/a": A }, { "node_modules/a": { ...A, integrity: "sha512-x" } }],
    [
      "an optional package is another version",
      { "node_modules/b": B },
      { "node_modules/b": { ...B, version: "3.0.0" } },
    ],
    ["a package is installed that is not locked", {}, { "node_modules/a": A }],
  ])("refuses when %s", (_what, locked, installed) => {
    expect(matches(locked, installed)).toBe(false);
  });

  it("refuses when a package's folder holds another version than npm's record says", () => {
    const folder = { "node_modules/a": { ...A, version: "0.9.0" } };
    expect(matches({ "node_modules/a": A }, { "node_modules/a": A }, folder)).toBe(false);
  });

  it("refuses when nothing is installed", () => {
    writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: {} }));
    expect(installedMatches(root)).toBe(false);
  });
});
