import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL("../build/index.js", import.meta.url));

/** True when `npm run build -w web` has been run. */
export const isBuilt = existsSync(ENTRY);

export interface Site {
  origin: string;
  stop(): Promise<void>;
}

/** Starts the built site as its own process and waits until it answers. */
export async function startSite(port: number, env: Record<string, string>): Promise<Site> {
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [ENTRY], {
    env: { PATH: process.env["PATH"], HOST: "127.0.0.1", PORT: String(port), ORIGIN: origin, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  child.stdout.on("data", (chunk) => (log += chunk));
  child.stderr.on("data", (chunk) => (log += chunk));
  await waitUntilReady(child, origin, () => log);
  return { origin, stop: () => stop(child) };
}

async function waitUntilReady(child: ChildProcess, origin: string, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null) throw new Error(`the site stopped at its start:\n${log()}`);
    const answer = await fetch(`${origin}/health`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop(child);
  throw new Error(`the site did not answer within 10 s:\n${log()}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
