import {
  hexPattern,
  NUMBER_BITS,
  uintBits,
  WIRE_STRUCTS,
  type WireStructName,
} from "@salus/sdk/gateway/wire";

/** JSON schemas of what travels; made from the contracts' types where there are such. */

export type Schema = Record<string, unknown>;

export const bytes32: Schema = { type: "string", pattern: hexPattern(32) };
export const address: Schema = { type: "string", pattern: hexPattern(20) };
export const signature: Schema = { type: "string", pattern: "^0x([0-9a-fA-F]{2}){1,2048}$" };
export const decimal: Schema = { type: "string", pattern: "^(0|[1-9][0-9]{0,77})$" };
export const uint = (bits: number): Schema => ({ type: "integer", minimum: 0, maximum: 2 ** bits - 1 });
export const cid: Schema = { type: "string", minLength: 40, maxLength: 80 };
export const text = (most: number): Schema => ({ type: "string", maxLength: most });
/** Base64 of at most so many bytes. */
export const base64 = (most: number): Schema => ({
  type: "string",
  maxLength: Math.ceil(most / 3) * 4,
  pattern: "^[A-Za-z0-9+/]*={0,2}$",
});

/** An object whose named members must all be there, and the optional ones may. */
export function object(members: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema {
  return {
    type: "object",
    additionalProperties: false,
    required: Object.keys(members),
    properties: { ...members, ...optional },
  };
}

export const array = (items: Schema, most: number): Schema => ({ type: "array", items, maxItems: most });

/** A contract's struct. */
export function struct(name: WireStructName): Schema {
  const fields: readonly { name: string; type: string }[] = WIRE_STRUCTS[name];
  return object(Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field.type)])));
}

function fieldSchema(type: string): Schema {
  const bits = uintBits(type);
  if (bits !== undefined) return bits <= NUMBER_BITS ? uint(bits) : decimal;
  return type === "address" ? address : bytes32;
}

/** A place in a log, or its size. */
export const place: Schema = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

/** A gateway's signed word that decisions are in its log. */
export const signedPromise = object({
  promise: object({
    gateway: uint(16),
    order: bytes32,
    first: place,
    size: place,
    root: bytes32,
    issuedAt: uint(40),
    deadline: uint(40),
  }),
  signature,
});

export const errorBody = object(
  { code: text(80), message: text(1000), hint: text(1000) },
  { promise: signedPromise },
);

export const logPosition = object({ gateway: uint(16), size: place, root: bytes32 });

export const signedRevocation = object(
  { revocation: struct("Revocation"), signature },
  {
    codeKey: address,
    twoPerson: { type: "boolean" },
    proxy: object({ key: address, since: uint(40) }),
  },
);

export const signedErasure = object(
  {
    erasure: object({ dataset: decimal, subject: address, issuedAt: uint(40), nonce: bytes32 }),
    signer: address,
    signature,
  },
  { codeKey: address },
);

export const signedErasureReceipt = object({
  receipt: object({
    dataset: decimal,
    subject: address,
    request: bytes32,
    gateway: uint(16),
    records: uint(32),
    erasedAt: uint(40),
  }),
  signature,
});

export const signedVeto = object({
  veto: object({ dataset: decimal, subject: address, gateway: uint(16), issuedAt: uint(40), nonce: bytes32 }),
  signature,
});

export const refusedRecord = object({ recordId: bytes32, code: text(80), message: text(1000) });

/** Path parameter: an order's id. */
export const orderParams = object({ id: bytes32 });
