/** What can go wrong while the stack starts, with what to do about it. */
const HINTS = {
  STACK_RUNNING: "Use it, or stop it first with Ctrl-C in its terminal.",
  STACK_PLATFORM: "See docker-compose.yml for the parts that have no program for this system.",
  STACK_MISSING: "Restore the files from git, or pull the latest version.",
  STACK_CHILD:
    "The lines above are the end of its log; the whole log is in the logs folder of the state folder.",
  STACK_TIMEOUT:
    "The machine may be overloaded; see its log in the logs folder of the state folder, and start again.",
  STACK_CHAIN_STATE: "Start over with `npm start -- --fresh`; the old files are left in place until then.",
  STACK_DEPLOYMENT:
    "The chain and .salus/deployment.json do not belong together: `npm start -- --fresh` starts over.",
  STACK_SUBGRAPH: "See graph-node's log in the logs folder of the state folder.",
  STACK_PORT: "Stop a program that listens there, or choose other ports.",
  STACK_POSTGRES: "See postgres.log in the logs folder of the state folder.",
  STACK_RPC: "Is the chain running? `npm run status` tells.",
  STACK_STATE: "Remove the file, or start over with `npm start -- --fresh`.",
  STACK_OPTION: "`npm start -- --help` lists the options.",
  STACK_STOPPED: "The stack was asked to stop.",
} as const;

export type StackErrorCode = keyof typeof HINTS;

/** A failure of the local stack: `code`, what happened, in `hint` what to do next, in `details` the lines of a log. */
export class StackError extends Error {
  readonly code: StackErrorCode;
  readonly hint: string;
  readonly details: readonly string[];

  constructor(
    code: StackErrorCode,
    message: string,
    options: { cause?: unknown; hint?: string; details?: readonly string[] } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "StackError";
    this.code = code;
    this.hint = options.hint ?? HINTS[code];
    this.details = options.details ?? [];
  }
}
