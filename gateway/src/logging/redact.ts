/** What stands in a secret's place. */
export const REDACTED = "[redacted]";

/** Text shorter than this is no secret that could be looked for without hitting everything else. */
const SHORTEST = 6;

/**
 * Forms that secrets have wherever they turn up: an authorization, an upload token, a signature or a share in hexadecimal
 * (longer than a digest), a long run of base64, and what an address carries besides host and path.
 */
const FORMS: readonly [form: RegExp, instead: string][] = [
  [/\bSalus [A-Za-z0-9_-]{16,}/g, `Salus ${REDACTED}`],
  [/\b(Bearer|Basic) [A-Za-z0-9+/=._~-]{8,}/gi, `$1 ${REDACTED}`],
  [/0x[0-9a-fA-F]{66,}/g, REDACTED],
  [/[A-Za-z0-9+/_-]{100,}={0,2}/g, REDACTED],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^/\s"'@]{1,500}@/gi, `$1${REDACTED}@`],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'?]{1,2000}|"\/[^\s"'?]{0,2000})\?[^\s"'\\]+/gi, `$1?${REDACTED}`],
];

/**
 * Makes the last look at each line before it is written.
 *
 * @param secrets texts that must never be seen, whatever form they take: a passphrase, the database's password
 */
export function redactor(secrets: readonly string[]): (line: string) => string {
  const known = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .toSorted((a, b) => b.length - a.length);
  return (line) => {
    let text = line;
    for (const secret of known) text = text.replaceAll(secret, REDACTED);
    for (const [form, instead] of FORMS) text = text.replace(form, instead);
    return text;
  };
}
