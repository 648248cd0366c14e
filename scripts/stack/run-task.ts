// Runs one exported function of a module with one JSON argument: node run-task.ts MODULE FUNCTION JSON
import { pathToFileURL } from "node:url";
import { oneLine } from "../bootstrap/say.mjs";

const [modulePath, functionName, json] = process.argv.slice(2) as [string, string, string];
try {
  const module = (await import(pathToFileURL(modulePath).href)) as Record<string, unknown>;
  const work = module[functionName] ?? module["default"];
  if (typeof work !== "function") throw new Error(`${modulePath} exports no function ${functionName}.`);
  await work(JSON.parse(json));
  // Libraries may hold sockets open; the work is done.
  process.exit(0);
} catch (error) {
  process.stderr.write(`${oneLine(error)}\n${error instanceof Error ? error.stack : ""}\n`);
  process.exit(1);
}
