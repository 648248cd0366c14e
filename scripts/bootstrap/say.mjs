// Progress on standard error, so that `status --json` and `bench --json` keep standard output to themselves.

const SIGN_OF_LIFE_MS = 30_000;

/** A failure that the person at the terminal can act on: printed as one line, never with a stack trace. */
export class SetupError extends Error {
  /**
   * @param {string} code `SETUP_…`
   * @param {string} message what happened and why
   * @param {string} hint what to do next
   */
  constructor(code, message, hint) {
    super(message);
    this.name = "SetupError";
    this.code = code;
    this.hint = hint;
  }
}

/** @param {string} text one line of progress */
export function say(text) {
  process.stderr.write(`[set-up] ${text}\n`);
}

/**
 * Runs `work` and prints its name when it starts and the elapsed time when it ends.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function timed(name, work) {
  const start = performance.now();
  const elapsed = () => ((performance.now() - start) / 1000).toFixed(1);
  say(`${name} ...`);
  const sign = setInterval(() => say(`${name}: still at it after ${elapsed()} s`), SIGN_OF_LIFE_MS);
  try {
    const result = await work();
    say(`${name}: done in ${elapsed()} s`);
    return result;
  } finally {
    clearInterval(sign);
  }
}

/** The whole failure on one line: code, what happened, what to do. */
export function oneLine(error) {
  const message = String(error?.message ?? error)
    .replace(/\s+/g, " ")
    .trim();
  const hint = error?.hint ? ` ${String(error.hint).replace(/\s+/g, " ").trim()}` : "";
  return `${error?.code ? `${error.code}: ` : ""}${message}${hint}`;
}
