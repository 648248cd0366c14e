const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * Whether JSON text has more levels of arrays and objects than allowed, without parsing it. What is no JSON is counted as
 * far as it looks like some: the parser refuses it afterwards.
 *
 * @param text UTF-8
 */
export function isDeeperThan(text: Buffer, levels: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at]!;
    if (byte === QUOTE) at = endOfString(text, at + 1);
    else if (OPENING.has(byte)) {
      depth += 1;
      if (depth > levels) return true;
    } else if (CLOSING.has(byte)) depth -= 1;
  }
  return false;
}

/** The place of the quote that ends a string, or the end of the text. */
function endOfString(text: Buffer, from: number): number {
  for (let at = from; ; at += 1) {
    at = text.indexOf(QUOTE, at);
    if (at === -1) return text.length;
    let backslashes = 0;
    while (text[at - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
}
