// Run as a program: reads a compiler input on standard input and writes the compiler's output. The compiler is one
// synchronous call of a minute; in a process of its own it leaves others at work and can be ended.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const solc = createRequire(import.meta.url)("solc") as { compile: (input: string) => string };
process.stdout.write(solc.compile(await text(process.stdin)));
