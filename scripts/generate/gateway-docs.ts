// Writes docs/limits.md and docs/configuration.md of the tables that the gateway itself reads.
import { LIMITS, RATES } from "../../gateway/src/http/limits.ts";
import { ROUTE_LIMITS } from "../../gateway/src/http/route-limits.ts";
import { type Variable, VARIABLES } from "../../gateway/src/config/variables.ts";
import { generate } from "./files.ts";

const COMMAND = "node scripts/generate/gateway-docs.ts";

const number = (value: number): string => value.toLocaleString("en-US");

/** Bytes with their size in MiB or KiB where that is a round number. */
function amount(value: number, unit: string): string {
  const text = `${number(value)} ${unit}`;
  if (unit !== "bytes") return text;
  const [mib, kib] = [value / 1024 ** 2, value / 1024];
  if (Number.isInteger(mib)) return `${text} (${number(mib)} MiB)`;
  return Number.isInteger(kib) ? `${text} (${number(kib)} KiB)` : text;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const limits = `# Limits of a gateway

What a gateway takes from strangers, and what an answer of it holds. A request beyond a limit gets a structured error
\`{code, message, hint}\`: 400, 413 or 429, the last with \`retry-after\`. Held by \`gateway/src/http/limits.service.test.ts\`
and \`gateway/src/http/fuzz.service.test.ts\`.

## Sizes, numbers and times

${table(
  ["limit", "value", "what it bounds"],
  Object.entries(LIMITS).map(([name, { value, unit, what }]) => [`\`${name}\``, amount(value, unit), what]),
)}

## Rates

Counted over all replicas of a gateway: each counts by itself, and once a second tells the others who has used a tenth of a
rate or more. So n replicas allow at most n − 1 tenths more than the table says, and what comes within a second. IPv6
addresses count by their /64.
A signer counts once the signature and the right to ask are proven, so nobody uses up another's; what is refused before that
counts against the address (\`unprovenAMinute\`), and an address that fails too often waits with everything that asks for a
signature, except with words that stop sharing. Gas spent by the relayer is counted in the database, over all replicas
(\`SALUS_RELAY_GAS_A_DAY\`, \`SALUS_RELAY_GAS_A_SUBJECT\` in [configuration.md](configuration.md)).

${table(
  ["rate", "counted by", "a minute", "for"],
  Object.entries(RATES).map(([name, { by, aMinute, what }]) => [
    name,
    by,
    aMinute === Infinity ? "no limit" : number(aMinute),
    what,
  ]),
)}

## Routes

${table(
  ["route", "largest body", "rate"],
  Object.entries(ROUTE_LIMITS).map(([route, { body, rate }]) => [
    `\`${route}\``,
    body ? amount(LIMITS[body].value, "bytes") : "none",
    rate,
  ]),
)}
`;

function whenUnset({ fallback, optional, needs }: Variable<unknown>): string {
  if (fallback !== undefined) return `\`${fallback}\``;
  if (needs) return `needed with \`${needs}\``;
  return optional ? "–" : "**must be set**";
}

const configuration = `# Configuration of a gateway

A gateway reads its environment once, checks all of it and starts, or names the variable that is wrong and ends with exit
code 1. Values are never shown: some are secret. Held by \`gateway/src/config/environment.test.ts\`.

Either \`SALUS_KEYSTORE_FILE\` or, on chain 31337, \`SALUS_KEYS_FILE\` must be set, never both. A keystore is made by
\`node gateway/src/keystore.ts --help\`.

${table(
  ["variable", "meaning", "must be", "when not set"],
  (Object.entries(VARIABLES) as [string, Variable<unknown>][]).map(([name, variable]) => [
    `\`${name}\``,
    variable.secret ? `${variable.meaning} (secret)` : variable.meaning,
    variable.allowed,
    whenUnset(variable),
  ]),
)}
`;

generate({ "docs/limits.md": limits, "docs/configuration.md": configuration }, COMMAND);
