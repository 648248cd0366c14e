import * as v from "valibot";
import { ComputeError } from "../errors.ts";
import { METADATA_KEY, modelMetadataSchema, type ModelMetadata } from "./metadata.ts";
import {
  FLOAT,
  INPUT_NAME,
  OnnxModel,
  OUTPUT_NAME,
  type OnnxModelMessage,
  type OnnxTensor,
  type OnnxValueInfo,
} from "./schema.ts";

export const MAX_MODEL_BYTES = 1024 * 1024;
const MAX_NODES = 64;
const MAX_DIMENSION = 4096;

/** Operators whose cost and output are bounded by their inputs and that touch nothing but their tensors. */
export const ALLOWED_OPERATORS: readonly string[] = ["Add", "Gemm", "MatMul", "Mul", "Sigmoid", "Sub"];

export interface InspectedModel {
  readonly metadata: ModelMetadata;
  /** The model written anew from what was inspected: members that the inspection does not know are gone. */
  readonly bytes: Uint8Array;
}

/**
 * Checks a model that came from outside before anything runs it: size, operators, no attributes, subgraphs, functions
 * or external data, float tensors of stated size, one input and one output, and metadata that fits the graph.
 * Run the returned `bytes`, never the ones given. Throws COMPUTE_BadModel that says what is not allowed.
 */
export function inspectModel(modelBytes: Uint8Array): InspectedModel {
  if (modelBytes.length > MAX_MODEL_BYTES) throw bad(`it is larger than ${MAX_MODEL_BYTES} bytes`);
  const model = decode(modelBytes);
  const { graph } = model;
  demand(graph !== undefined, "it has no graph");
  demand(
    model.opsetImport.every((each) => !each.domain),
    "it uses operators of another domain than ONNX",
  );
  demand(!model.functions?.length, "it defines functions of its own");
  demand(!graph.sparseInitializer?.length, "it holds sparse tensors");
  demand(graph.node.length <= MAX_NODES, `it has more than ${MAX_NODES} operators`);
  for (const node of graph.node) {
    demand(
      !node.domain && ALLOWED_OPERATORS.includes(node.opType),
      `its operators go beyond ${ALLOWED_OPERATORS.join(", ")}`,
    );
    demand(!node.attribute?.length, "an operator has attributes");
  }
  graph.initializer.forEach(checkTensor);
  const metadata = readMetadata(model);
  demand(
    graph.input.length === 1 && isFloatMatrix(graph.input[0]!, INPUT_NAME, metadata.features.length),
    "its input does not fit its features",
  );
  demand(
    graph.output.length === 1 && isFloatMatrix(graph.output[0]!, OUTPUT_NAME, 1),
    "its output is not one probability per row",
  );
  return { metadata, bytes: OnnxModel.encode(OnnxModel.fromObject(model)).finish() };
}

function decode(bytes: Uint8Array): OnnxModelMessage {
  try {
    const message = OnnxModel.decode(bytes);
    return OnnxModel.toObject(message, { longs: Number, arrays: true, objects: true }) as OnnxModelMessage;
  } catch (cause) {
    throw new ComputeError("COMPUTE_BadModel", "The model cannot be used: it is not an ONNX file.", {
      cause,
    });
  }
}

function checkTensor(tensor: OnnxTensor): void {
  demand(!tensor.externalData?.length && !tensor.dataLocation, "it keeps data outside the file");
  demand(tensor.dataType === FLOAT, "it holds tensors that are not 32-bit floats");
  const sizes = tensor.dims;
  demand(
    sizes.length <= 2 && sizes.every((each) => each >= 1 && each <= MAX_DIMENSION),
    "it holds a tensor of a size that is not allowed",
  );
  const count = sizes.reduce((product, each) => product * each, 1);
  demand(tensor.rawData?.length === count * 4, "it holds a tensor whose data do not fit its size");
}

function isFloatMatrix(value: OnnxValueInfo, name: string, columns: number): boolean {
  const type = value.type?.tensorType;
  const dimensions = type?.shape?.dim ?? [];
  return (
    value.name === name &&
    type?.elemType === FLOAT &&
    dimensions.length === 2 &&
    dimensions[1]?.dimValue === columns
  );
}

function readMetadata(model: OnnxModelMessage): ModelMetadata {
  const property = model.metadataProps.find((each) => each.key === METADATA_KEY);
  if (property === undefined) throw bad(`it has no metadata property ${METADATA_KEY}`);
  let json: unknown;
  try {
    json = JSON.parse(property.value);
  } catch {
    throw bad("its metadata are not JSON");
  }
  const parsed = v.safeParse(modelMetadataSchema, json);
  if (!parsed.success)
    throw bad(`its metadata are not valid at ${v.getDotPath(parsed.issues[0]) ?? "the top"}`);
  return parsed.output;
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw bad(otherwise);
}

function bad(why: string): ComputeError {
  return new ComputeError("COMPUTE_BadModel", `The model cannot be used: ${why}.`);
}
