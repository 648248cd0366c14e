import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { canonicalJson } from "../records/canonical-json.ts";
import { commitEntry, type LogEntry } from "./entry.ts";

const SALT = `0x${"5a".repeat(32)}` as const;
const ENTRY: LogEntry = {
  at: 1_790_000_000,
  action: "share",
  order: `0x${"12".repeat(32)}`,
  dataset: 2n ** 200n + 1n,
  subject: "0xABcdEFABcdEFabcdEfAbCdefabcdeFABcDEFabCD",
  kind: 2,
  uses: 2n ** 64n,
  reason: "PERMITTED",
};

/** SHA-256(salt ‖ RFC 8785 JSON), after the format's description. */
function expected(members: object): string {
  const salt = Buffer.from(SALT.slice(2), "hex");
  return createHash("sha256")
    .update(salt)
    .update(canonicalJson(members as never))
    .digest("hex");
}

it.each([
  { subject: ENTRY.subject, told: "0xabcdefabcdefabcdefabcdefabcdefabcdefabcd" },
  { subject: null, told: null },
])("commits to the canonical JSON of an entry about $told", ({ subject, told }) => {
  const plain = { ...ENTRY, subject: told, dataset: `${ENTRY.dataset}`, uses: `${ENTRY.uses}` };
  expect(Buffer.from(commitEntry(SALT, { ...ENTRY, subject })).toString("hex")).toBe(expected(plain));
});
