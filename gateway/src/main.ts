import { ConfigError } from "./config/config-error.ts";
import { readEnvironment } from "./config/environment.ts";
import { describeError } from "./logging/describe-error.ts";
import { startGateway } from "./start.ts";

/* A gateway as a process: environment in, one HTTP server out, and an orderly end on SIGTERM or SIGINT. */
try {
  const gateway = await startGateway(readEnvironment(process.env));
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void gateway.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(describe(error));
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  if (error instanceof ConfigError) console.error(`${error.code} ${error.message} ${error.hint}`);
  else console.error(describe(error));
  process.exit(1);
}

/** What may be shown of an error that stops the gateway from starting or ending. */
function describe(error: unknown): string {
  return JSON.stringify(describeError(error));
}
