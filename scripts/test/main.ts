// npm test [-- SUITE ...]: runs the suites one after the other; the last line is "N passed, N failed".
import { ROOT, runCommand } from "./command.ts";
import { suites } from "./suites.ts";

await runCommand("npm test [-- SUITE ...]\n", suites(ROOT));
