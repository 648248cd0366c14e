// npm run test:deep [-- SUITE ...]: contracts and gateways under many more random calls and sequences than npm test has time for.
import { ROOT, runCommand } from "./command.ts";
import { deepSuites } from "./suites.ts";

/** Random sequences that each reference model replays. */
process.env["SALUS_SEQUENCES"] ??= "10000";

await runCommand("npm run test:deep [-- SUITE ...]\n", deepSuites(ROOT));
