import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { reached } from "../durable/steps.ts";
import { assertKey, type ObjectStore } from "./objects.ts";

/** Ends the name of a file that is being written; no object has one. */
const DRAFT = ".draft";

/** Milliseconds without a write after which nobody is writing a draft any more. Another replica may be at a younger one. */
const DRAFT_LIFETIME = 3_600_000;

/** Opens a store in a folder of the local file system: an object is a file. Drafts left by a crash are removed in time. */
export async function openFileObjects(dir: string): Promise<ObjectStore> {
  await mkdir(dir, { recursive: true });
  const pathOf = (key: string) => {
    assertKey(key);
    return join(dir, key);
  };
  const sweep = async () => {
    const oldest = Date.now() - DRAFT_LIFETIME;
    for (const path of await filesIn(dir)) {
      if (path.endsWith(DRAFT) && (await writtenAt(path)) < oldest) await rm(path, { force: true });
    }
  };
  await sweep();
  return {
    sweep,
    put: (key, bytes) => writeWhole(pathOf(key), (file) => file.writeFile(bytes)),
    get: async (key) => readFile(pathOf(key)).catch(absent),
    size: async (key) => stat(pathOf(key)).then((found) => found.size, absent),
    async read(key, range) {
      const file = await open(pathOf(key)).catch(absent);
      if (!file) return undefined;
      if (range && range.start === range.end) {
        await file.close();
        return pieces([]);
      }
      // Node's ends are inclusive.
      return file.createReadStream(range ? { start: range.start, end: range.end - 1 } : {});
    },
    async delete(key) {
      await rm(pathOf(key), { force: true });
      await syncFolder(dirname(pathOf(key))).catch(absent);
    },
    async list(prefix) {
      const folder = prefix.includes("/") ? join(dir, dirname(`${prefix}x`)) : dir;
      const found: { key: string; size: number }[] = [];
      for (const path of await filesIn(folder)) {
        const key = relative(dir, path).split(sep).join("/");
        if (!key.startsWith(prefix) || key.endsWith(DRAFT)) continue;
        const size = await stat(path).then((each) => each.size, absent);
        if (size !== undefined) found.push({ key, size });
      }
      return found.sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    join: (parts, key) =>
      writeWhole(pathOf(key), async (file) => {
        for (const part of parts)
          for await (const piece of createReadStream(pathOf(part))) await file.appendFile(piece as Buffer);
      }),
  };
}

/** The file appears whole or not at all, also after a crash. */
async function writeWhole(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}${DRAFT}`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    reached("object.drafted");
    await rename(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A new or removed name is on disk once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(absent);
  return (entries ?? []).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function* pieces(all: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all;
}

/** Milliseconds since 1970; never for a draft that has become its object meanwhile. */
async function writtenAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    (error: NodeJS.ErrnoException) => absent(error) ?? Infinity,
  );
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
