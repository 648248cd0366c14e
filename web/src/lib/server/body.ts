import { WebError } from "#lib/errors.ts";

/**
 * Reads a request body as text.
 * @param limit largest size in bytes; counted while reading, since `content-length` may lie or be absent
 * @throws WEB_TOO_LARGE
 */
export async function readText(request: Request, limit: number): Promise<string> {
  if (!request.body) return "";
  checkDeclaredSize(request.headers, limit);
  const decoder = new TextDecoder();
  const limited = request.body.pipeThrough(limitBytes(limit));
  let text = "";
  for await (const chunk of limited as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Reads a JSON body. @throws WEB_TOO_LARGE, WEB_MALFORMED */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const text = await readText(request, limit);
  try {
    return JSON.parse(text);
  } catch {
    throw new WebError("WEB_MALFORMED", { detail: "The body is not JSON." });
  }
}

/**
 * Refuses a body whose declared size is already too large, before any of it is read: the sender then gets the
 * answer, while a body cut off half-way ends in a broken connection.
 * @throws WEB_TOO_LARGE
 */
export function checkDeclaredSize(headers: Headers, limit: number): void {
  if (Number(headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
}

function tooLarge(limit: number): WebError {
  return new WebError("WEB_TOO_LARGE", { detail: `The limit is ${limit} bytes.` });
}

/** A stream that passes bytes on and fails with WEB_TOO_LARGE once more than `limit` have passed. */
export function limitBytes(limit: number): TransformStream<Uint8Array, Uint8Array> {
  let total = 0;
  return new TransformStream({
    transform(chunk, controller) {
      total += chunk.byteLength;
      if (total > limit) throw tooLarge(limit);
      controller.enqueue(chunk);
    },
  });
}
