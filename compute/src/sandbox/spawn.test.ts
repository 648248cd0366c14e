import {
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  existsSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeArguments, spawnIsolated, type SandboxLimits } from "./spawn.ts";

const PROBE = fileURLToPath(new URL("probe.fixture.ts", import.meta.url));
const LIMITS: SandboxLimits = {
  timeoutMs: 20_000,
  memoryMiB: 64,
  maxInputBytes: 65536,
  maxOutputBytes: 65536,
};

const NETWORK_ATTEMPTS = [
  "import net",
  "import http",
  "require dgram",
  "builtin tls",
  "binding",
  "stdin socket",
  "fetch",
  "websocket",
];

let server: Server;
let port: number;
let connections = 0;
let folder: string;

beforeAll(async () => {
  server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as { port: number }).port;
  folder = mkdtempSync(join(tmpdir(), "salus-sandbox-"));
  writeFileSync(join(folder, "secret"), "secret");
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await new Promise((resolve) => server.close(resolve));
});

async function attempt(name: string, path = "", limits: Partial<SandboxLimits> = {}) {
  const input = [Buffer.from(JSON.stringify({ attempt: name, port, path }))];
  const { stdout, isolation } = await spawnIsolated(PROBE, input, { ...LIMITS, ...limits });
  return {
    isolation,
    ...(JSON.parse(Buffer.from(stdout).toString()) as { done: boolean; value?: unknown; message?: string }),
  };
}

/** Processes whose command line names the probe. */
function leftOver(): string[] {
  return readdirSync("/proc")
    .filter((each) => /^\d+$/.test(each))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(PROBE);
      } catch {
        return false; // ended meanwhile
      }
    });
}

describe("spawnIsolated", () => {
  it.each(NETWORK_ATTEMPTS)("gives no way to a listening port on loopback: %s", async (name) => {
    expect(await attempt(name)).toMatchObject({ done: false });
    expect(connections).toBe(0);
  });

  // What machines without network namespaces rely on: the same process without the wrapper around it.
  it.each(NETWORK_ATTEMPTS)("closes the network inside the process too: %s", (name) => {
    const input = JSON.stringify({ attempt: name, port, path: "" });
    const child = spawnSync(process.execPath, [...nodeArguments(LIMITS), PROBE], {
      env: {},
      cwd: "/",
      input,
      timeout: 20_000,
    });
    expect(JSON.parse(child.stdout.toString())).toMatchObject({ done: false });
    expect(connections).toBe(0);
  });

  it("reports a network namespace only when the process sees no usable interface", async () => {
    const { isolation, value } = await attempt("interfaces");
    // In a fresh namespace even loopback is down, so the kernel lists no address at all.
    if (isolation.network === "namespace") expect(value).toEqual([]);
    else expect(isolation.network).toBe("blocked-in-process");
  });

  it("reads no file outside its own code and writes none", async () => {
    expect(readFileSync(join(folder, "secret"), "utf8")).toBe("secret");
    expect(await attempt("read", join(folder, "secret"))).toMatchObject({
      done: false,
      message: expect.stringMatching(/restricted/),
    });
    expect(await attempt("read", "/etc/passwd")).toMatchObject({
      done: false,
      message: expect.stringMatching(/restricted/),
    });
    expect(await attempt("write", join(folder, "written"))).toMatchObject({
      done: false,
      message: expect.stringMatching(/restricted/),
    });
    expect(await attempt("write", `${PROBE}.written`)).toMatchObject({
      done: false,
      message: expect.stringMatching(/restricted/),
    });
    expect(existsSync(join(folder, "written"))).toBe(false);
  });

  it("starts no process and no thread", async () => {
    expect(await attempt("spawn by builtin")).toMatchObject({ done: false });
    expect(await attempt("worker")).toMatchObject({
      done: false,
      message: expect.stringMatching(/restricted/),
    });
  });

  it("has an empty environment", async () => {
    expect(await attempt("environment")).toMatchObject({ done: true, value: [] });
  });

  it("inherits no open file or socket", async () => {
    const opened = openSync(join(folder, "secret"), "r");
    expect(await attempt("descriptors")).toMatchObject({ done: true, value: [] });
    closeSync(opened);
  });

  it("is killed at its time limit and leaves no process", async () => {
    await expect(attempt("hang", "", { timeoutMs: 1500 })).rejects.toMatchObject({ code: "COMPUTE_Timeout" });
    expect(leftOver()).toEqual([]);
  });

  it("is killed when it writes too much or is called off", async () => {
    await expect(attempt("flood")).rejects.toMatchObject({ code: "COMPUTE_ResultTooLarge" });
    const controller = new AbortController();
    const input = [Buffer.from(JSON.stringify({ attempt: "hang" }))];
    const running = spawnIsolated(PROBE, input, LIMITS, controller.signal);
    controller.abort();
    await expect(running).rejects.toMatchObject({
      code: "COMPUTE_SandboxFailed",
      message: "The job was called off.",
    });
    expect(leftOver()).toEqual([]);
  });

  it("ends with a typed error when it runs out of memory", async () => {
    await expect(attempt("hoard")).rejects.toMatchObject({ code: "COMPUTE_SandboxFailed" });
    expect(leftOver()).toEqual([]);
  });
});
