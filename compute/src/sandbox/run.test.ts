import { describe, expect, it } from "vitest";
import type { FilterItem } from "../job/schemas.ts";
import { bundleOf } from "../tables/bundles.fixture.ts";
import { decodeMessage, encodeMessage, messageSize } from "./framing.ts";
import { runSandboxed, type JobRequest } from "./run.ts";

const epsilon = { numerator: 10, denominator: 1 };

function countJob(records: readonly Uint8Array[], more: object = {}): JobRequest {
  const filter: FilterItem[] = [{ kind: "sex", sex: "female" }];
  const spec = {
    analysis: "count",
    version: 1,
    tables: "fhir-r4/1",
    parameters: { filter, epsilon },
  } as const;
  return { kind: "job", spec, records, ...more };
}

function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

const female = bytesOf(bundleOf({ gender: "female" }));
const forty = Array.from({ length: 40 }, () => female);

describe("runSandboxed", () => {
  it("counts in the sandbox and gives the gated result with its isolation", async () => {
    const { result, isolation } = await runSandboxed(countJob([...forty, Buffer.from("{ cut")]));
    expect(result).toMatchObject({ kind: "count", cohortSize: 41, minimumCell: 10 });
    // P(|noise| ≥ 10) at ε = 10 is about 2·e^−100.
    expect(Math.abs((result as { value: number }).value - 40)).toBeLessThan(10);
    expect(isolation).toMatchObject({ files: "read-own-code", environment: "empty" });
  });

  it("hands on typed errors without stack or path", async () => {
    const error = await runSandboxed(countJob(forty.slice(0, 9))).catch((each: unknown) => each);
    expect(error).toMatchObject({
      code: "COMPUTE_CohortTooSmall",
      message: "The cohort has 9 subjects; at least 10 are needed.",
      hint: expect.stringContaining("Choose"),
    });
    const bad = {
      ...countJob(forty),
      spec: { analysis: "count", version: 1, tables: "fhir-r4/1", parameters: {} },
    };
    await expect(runSandboxed(bad as never)).rejects.toMatchObject({ code: "COMPUTE_BadJob" });
  });

  it("keeps a raised minimum cell and refuses a lowered one", async () => {
    const raised = await runSandboxed(countJob(forty, { policy: { minimumCell: 40 } }));
    expect(raised.result.minimumCell).toBe(40);
    await expect(runSandboxed(countJob(forty, { policy: { minimumCell: 1 } }))).rejects.toMatchObject({
      code: "COMPUTE_BadJob",
    });
  });

  it("refuses an input above its limit before it starts anything", async () => {
    await expect(runSandboxed(countJob(forty), { maxInputBytes: 1000 })).rejects.toMatchObject({
      code: "COMPUTE_MessageTooLarge",
    });
  });

  it("carries an input of several megabytes", async () => {
    const large = bytesOf({ ...(bundleOf({ gender: "female" }) as object), padding: "x".repeat(200_000) });
    const { result } = await runSandboxed(countJob(Array.from({ length: 40 }, () => large)));
    expect(result.cohortSize).toBe(40);
  });

  it("reports a hostile model as such", async () => {
    const request = { kind: "inference", model: Buffer.from([1, 2, 3]), features: {} } as const;
    await expect(runSandboxed(request)).rejects.toMatchObject({ code: "COMPUTE_BadModel" });
  });
});

describe("framing", () => {
  const message = { header: { a: "ü" }, parts: [Uint8Array.of(1, 2), new Uint8Array(0)] };
  // 4 + {"a":"ü"} as 10 bytes of UTF-8, 4 + 2 bytes, 4 + 0 bytes
  const bytes = Buffer.from("0000000a7b2261223a22c3bc227d00000002010200000000", "hex");

  it("writes lengths, header and parts", () => {
    expect(Buffer.concat([...encodeMessage(message)])).toEqual(bytes);
    expect(messageSize(message)).toBe(24);
    const read = decodeMessage(bytes);
    expect(read.header).toEqual({ a: "ü" });
    expect(read.parts.map((each) => [...each])).toEqual([[1, 2], []]);
  });

  it.each([0, 3, 10, 16, 19])("refuses a message cut after %i bytes", (length) => {
    expect(() => decodeMessage(bytes.subarray(0, length))).toThrow(/cut short/);
  });
});
