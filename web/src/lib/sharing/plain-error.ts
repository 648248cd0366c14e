import { toErrorView, WebError } from "#lib/errors.ts";

/**
 * Runs something for a patient. Errors of other parts speak of signatures and nonces; here they become one plain
 * sentence, with what they said under the technical details.
 */
export async function inPlainWords<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    throw plainError(thrown);
  }
}

function plainError(thrown: unknown): unknown {
  const { code, message, detail } = toErrorView(thrown);
  if (thrown instanceof WebError || (code.startsWith("WEB_") && code !== "WEB_INTERNAL")) return thrown;
  return new WebError("WEB_SHARING_FAILED", { detail: detail ?? `${code}: ${message}`, cause: thrown });
}
