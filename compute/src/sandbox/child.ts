/**
 * The process in which a job runs: one message in on stdin, one out on stdout, then the end. It is started only by
 * spawn.ts, which has taken away network, files, environment and processes.
 */
import { readSync, writeSync } from "node:fs";
import type { ComputeFailure } from "../errors.ts";
import { isComputeErrorCode } from "../errors.ts";
import { decodeMessage, encodeMessage } from "./framing.ts";
import { serve } from "./serve.ts";

function readAll(): Uint8Array {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(1 << 20);
    const count = readSync(0, chunk);
    if (count === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, count));
  }
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at);
}

/** Only errors of this part's table leave, as code, message and hint; anything else might hold a value. */
function toFailure(error: unknown): ComputeFailure {
  const known = error as { code?: unknown; message?: unknown; hint?: unknown } | null;
  if (isComputeErrorCode(known?.code) && typeof known?.hint === "string") {
    return { code: known.code, message: String(known.message), hint: known.hint };
  }
  return {
    code: "COMPUTE_SandboxFailed",
    message: "The job failed inside the sandbox.",
    hint: "Report this job to the custodian; its details stay inside.",
  };
}

async function answer(): Promise<object> {
  try {
    return { ok: true, result: await serve(decodeMessage(readAll())) };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

const header = await answer();
for (const chunk of encodeMessage({ header, parts: [] })) writeAll(chunk);
process.exit(0);
