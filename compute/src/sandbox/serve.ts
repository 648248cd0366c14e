import * as v from "valibot";
import { ComputeError } from "../errors.ts";
import type { Message } from "./framing.ts";

/** Headers of the requests; records of a job, or the model of an inference, are the binary parts. */
export const requestHeaderSchema = v.variant("kind", [
  v.strictObject({
    kind: v.literal("job"),
    spec: v.unknown(),
    policy: v.strictObject({ minimumCell: v.number() }),
  }),
  v.strictObject({ kind: v.literal("inference"), features: v.unknown() }),
]);

/** Does what one request asks for. Loads only the code that the request needs. */
export async function serve({ header, parts }: Message): Promise<unknown> {
  const parsed = v.safeParse(requestHeaderSchema, header);
  if (!parsed.success)
    throw new ComputeError("COMPUTE_BadMessage", "The header of the request is not known.");
  const request = parsed.output;
  if (request.kind === "job") {
    const { runJob } = await import("../job/run.ts");
    const { secureRandom } = await import("../random/source.ts");
    return runJob(request.spec, parts, secureRandom, request.policy);
  }
  const [model, ...rest] = parts;
  if (model === undefined || rest.length > 0) {
    throw new ComputeError("COMPUTE_BadMessage", "An inference needs exactly one model.");
  }
  const { runModel } = await import("../onnx/run-model.ts");
  return runModel(model, request.features);
}
