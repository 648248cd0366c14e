import { runKeystoreCommand } from "./keys/keystore-command.ts";

/* Makes, converts and shows keystores: node gateway/src/keystore.ts --help */
process.exitCode = await runKeystoreCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
