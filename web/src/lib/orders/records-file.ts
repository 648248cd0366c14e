const LINE_FEED = new Uint8Array([0x0a]);

/**
 * Opened records as one file of JSON lines. Records are written without line breaks by those who seal them; one that
 * has some is put on one line.
 */
export function recordsFile(records: readonly { plaintext: Uint8Array }[]): Blob {
  const lines = records.flatMap(({ plaintext }) => [onOneLine(plaintext), LINE_FEED]);
  return new Blob(lines as BlobPart[], { type: "application/x-ndjson" });
}

function onOneLine(plaintext: Uint8Array): Uint8Array {
  if (!plaintext.includes(0x0a)) return plaintext;
  const text = new TextDecoder().decode(plaintext);
  return new TextEncoder().encode(JSON.stringify(JSON.parse(text)));
}
