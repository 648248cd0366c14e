import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isAlive, processIdentity } from "./process.mjs";

/**
 * Takes the lock file, or says who holds it. The file appears complete or not at all: its text is written aside and
 * linked into place, which fails when the name is taken. A holder that is dead, or whose pid another process has now,
 * is removed first.
 * @param {string} path
 * @param {Record<string, unknown>} [details] kept in the file beside the holder's identity, for whoever meets it
 * @returns {{ held: true, release: () => void } | { held: false, holder: Record<string, unknown> & { pid: number } }}
 */
export function tryLock(path, details = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const own = JSON.stringify({ ...processIdentity(process.pid), ...details });
  for (let attempt = 0; attempt < 20; attempt++) {
    if (claim(path, own)) return { held: true, release: () => releaseOwn(path, own) };
    const text = readText(path);
    if (text === undefined) continue;
    const holder = parseHolder(text);
    if (holder && isAlive(holder)) return { held: false, holder };
    removeStale(path, text);
  }
  return { held: false, holder: { pid: 0 } };
}

/**
 * Waits until the lock is free and takes it.
 * @param {string} path
 * @param {(holder: { pid: number }) => void} onWait called once when somebody else holds it
 * @returns {Promise<() => void>} release
 */
export async function waitForLock(path, onWait) {
  let told = false;
  for (;;) {
    const lock = tryLock(path);
    if (lock.held) return lock.release;
    if (!told) onWait(lock.holder);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** The live holder of a lock, or undefined when it is free or its holder is gone. */
export function lockHolder(path) {
  const text = readText(path);
  const holder = text === undefined ? undefined : parseHolder(text);
  return holder && isAlive(holder) ? holder : undefined;
}

function claim(path, text) {
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, text);
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Moves the judged file away; should another process have taken the lock since, its file is put back. */
function removeStale(path, judged) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (readText(aside) !== judged) {
    try {
      linkSync(aside, path);
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
  }
  rmSync(aside, { force: true });
}

function releaseOwn(path, own) {
  if (readText(path) === own) rmSync(path, { force: true });
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function parseHolder(text) {
  try {
    const value = JSON.parse(text);
    return typeof value?.pid === "number" && typeof value.started === "string" ? value : undefined;
  } catch {
    // Not written by us, or cut short by a full disk: nobody can hold it.
    return undefined;
  }
}
