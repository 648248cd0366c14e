import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StateFile } from "./state.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "salus-state-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("StateFile", () => {
  it("remembers what was written for the next start", () => {
    const first = new StateFile(folder);
    first.update({ ports: { web: 4173 }, phase: "ready" });
    first.addChild("web", { pid: 12, started: "boot:34" });
    const next = new StateFile(folder).data;
    expect(next).toMatchObject({
      phase: "ready",
      ports: { web: 4173 },
      children: { web: { pid: 12, started: "boot:34" } },
    });
  });

  it("forgets a child that ended and keeps the others", () => {
    const state = new StateFile(folder);
    state.addChild("web", { pid: 12, started: "boot:34" });
    state.addChild("chain", { pid: 13, started: "boot:35" });
    state.removeChild("web");
    expect(JSON.parse(readFileSync(join(folder, "state.json"), "utf8")).children).toEqual({
      chain: { pid: 13, started: "boot:35" },
    });
  });

  it("leaves no half-written file beside the state", () => {
    new StateFile(folder).update({ phase: "ready" });
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });

  it("says what to do about a file that is not JSON", () => {
    writeFileSync(join(folder, "state.json"), '{"version":1,');
    expect(() => new StateFile(folder)).toThrowError(expect.objectContaining({ code: "STACK_STATE" }));
  });
});
