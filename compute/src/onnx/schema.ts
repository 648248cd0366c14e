/**
 * The messages of the ONNX interchange format that are read and written here, with the field numbers of the format's
 * specification. Members that are only ever refused (external data, subgraphs, functions) are declared too, so that
 * they can be seen.
 */
import protobuf from "protobufjs";

type Field = readonly [id: number, type: string, repeated?: "repeated"];

const MESSAGES: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  Model: {
    irVersion: [1, "int64"],
    producerName: [2, "string"],
    graph: [7, "Graph"],
    opsetImport: [8, "OperatorSet", "repeated"],
    metadataProps: [14, "Property", "repeated"],
    functions: [25, "bytes", "repeated"],
  },
  OperatorSet: { domain: [1, "string"], version: [2, "int64"] },
  Property: { key: [1, "string"], value: [2, "string"] },
  Graph: {
    node: [1, "Node", "repeated"],
    name: [2, "string"],
    initializer: [5, "Tensor", "repeated"],
    input: [11, "ValueInfo", "repeated"],
    output: [12, "ValueInfo", "repeated"],
    sparseInitializer: [15, "bytes", "repeated"],
  },
  Node: {
    input: [1, "string", "repeated"],
    output: [2, "string", "repeated"],
    name: [3, "string"],
    opType: [4, "string"],
    attribute: [5, "bytes", "repeated"],
    domain: [7, "string"],
  },
  Tensor: {
    dims: [1, "int64", "repeated"],
    dataType: [2, "int32"],
    name: [8, "string"],
    rawData: [9, "bytes"],
    externalData: [13, "Property", "repeated"],
    dataLocation: [14, "int32"],
  },
  ValueInfo: { name: [1, "string"], type: [2, "Type"] },
  Type: { tensorType: [1, "TensorType"] },
  TensorType: { elemType: [1, "int32"], shape: [2, "Shape"] },
  Shape: { dim: [1, "Dimension", "repeated"] },
  Dimension: { dimValue: [1, "int64"], dimParam: [2, "string"] },
};

function buildModelType(): protobuf.Type {
  const root = new protobuf.Root();
  for (const [message, fields] of Object.entries(MESSAGES)) {
    const type = new protobuf.Type(message);
    for (const [name, [id, kind, rule]] of Object.entries(fields))
      type.add(new protobuf.Field(name, id, kind, rule));
    root.add(type);
  }
  return root.lookupType("Model");
}

export const OnnxModel = buildModelType();

/** Names of the graph's one input (features in their units, one row per person) and one output. */
export const INPUT_NAME = "features";
export const OUTPUT_NAME = "probability";

/** Element type FLOAT of a tensor. */
export const FLOAT = 1;

export interface OnnxProperty {
  readonly key: string;
  readonly value: string;
}

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData: Uint8Array;
  readonly externalData?: readonly OnnxProperty[];
  readonly dataLocation?: number;
}

export interface OnnxNode {
  readonly opType: string;
  readonly name?: string;
  readonly domain?: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute?: readonly Uint8Array[];
}

export interface OnnxValueInfo {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly { readonly dimValue?: number; readonly dimParam?: string }[] };
    };
  };
}

export interface OnnxModelMessage {
  readonly irVersion: number;
  readonly producerName?: string;
  readonly opsetImport: readonly { readonly domain?: string; readonly version: number }[];
  readonly metadataProps: readonly OnnxProperty[];
  readonly functions?: readonly Uint8Array[];
  readonly graph: {
    readonly name: string;
    readonly node: readonly OnnxNode[];
    readonly initializer: readonly OnnxTensor[];
    readonly input: readonly OnnxValueInfo[];
    readonly output: readonly OnnxValueInfo[];
    readonly sparseInitializer?: readonly Uint8Array[];
  };
}
