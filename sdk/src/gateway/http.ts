import type { SignedPromise } from "../log/promise.ts";
import type { GatewayTarget, RequestSigner } from "./requests.ts";
import {
  addressOf,
  AUTHORIZATION_SCHEME,
  bodyDigest,
  encodeHeader,
  freshness,
  signRequest,
} from "./requests.ts";

/** An error that a gateway answered with, or `GATEWAY_UNREACHABLE` when it did not answer. */
export class GatewayRequestError extends Error {
  override readonly name = "GatewayRequestError";
  readonly code: string;
  readonly hint: string;
  /** HTTP status; 0 when there was no answer */
  readonly status: number;
  readonly gateway: string;
  /** of a refusal: the gateway's word that the decision is in its log */
  readonly promise?: SignedPromise;

  constructor(parameters: {
    code: string;
    message: string;
    hint: string;
    status: number;
    gateway: string;
    cause?: unknown;
    promise?: SignedPromise | undefined;
  }) {
    super(parameters.message, parameters.cause === undefined ? undefined : { cause: parameters.cause });
    this.code = parameters.code;
    this.hint = parameters.hint;
    this.status = parameters.status;
    this.gateway = parameters.gateway;
    if (parameters.promise) this.promise = parameters.promise;
  }
}

/** One HTTP request to a gateway. */
export type HttpRequest = {
  method: "GET" | "PUT" | "POST" | "DELETE";
  /** from the root, with its query, e.g. `/v1/info` */
  path: string;
  json?: unknown;
  bytes?: Uint8Array;
  headers?: Record<string, string>;
  /**
   * names this write, 16 to 128 letters, digits or any of . _ ~ -: sent again with the same key it gives the answer that
   * it had, and is not done twice
   */
  idempotencyKey?: string;
  /** signs the request when given */
  signer?: RequestSigner;
  signal?: AbortSignal;
};

/** The target without what only signing needs. */
export type GatewayAddress = Pick<GatewayTarget, "url" | "fetch">;

/**
 * Sends a request and gives the answer back if it is a success.
 *
 * @throws GatewayRequestError with the gateway's own code, message and hint, or `GATEWAY_UNREACHABLE`
 */
export async function send(
  target: GatewayAddress & Partial<GatewayTarget>,
  request: HttpRequest,
): Promise<Response> {
  const body = bodyOf(request);
  const headers: Record<string, string> = { ...request.headers };
  if (request.json !== undefined) headers["content-type"] = "application/json";
  if (request.bytes) headers["content-type"] = "application/octet-stream";
  if (request.idempotencyKey) headers["idempotency-key"] = `"${request.idempotencyKey}"`;
  if (request.signer) headers["authorization"] = await authorize(target as GatewayTarget, request, body);
  const url = new URL(request.path, target.url.endsWith("/") ? target.url : `${target.url}/`);
  const response = await call(target, url, {
    method: request.method,
    headers,
    ...(body.length > 0 ? { body: body as BodyInit } : {}),
    ...(request.signal ? { signal: request.signal } : {}),
  });
  if (!response.ok) throw await refusal(target, response);
  return response;
}

/** {@link send} for JSON answers. */
export async function sendForJson<T>(
  target: GatewayAddress & Partial<GatewayTarget>,
  request: HttpRequest,
): Promise<T> {
  return (await (await send(target, request)).json()) as T;
}

function bodyOf({ json, bytes }: HttpRequest): Uint8Array {
  if (bytes) return bytes;
  return json === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(json));
}

async function authorize(target: GatewayTarget, request: HttpRequest, body: Uint8Array): Promise<string> {
  const signer = request.signer!;
  const { issuedAt, nonce } = freshness();
  const message = {
    signer: addressOf(signer),
    method: request.method,
    path: request.path,
    body: bodyDigest(body),
    gateway: target.index,
    issuedAt,
    nonce,
  };
  const signature = await signRequest({ ...target, signer, primaryType: "Request", message });
  return `${AUTHORIZATION_SCHEME} ${encodeHeader({ signer: addressOf(signer), issuedAt, nonce, signature })}`;
}

async function call(target: GatewayAddress, url: URL, init: RequestInit): Promise<Response> {
  try {
    return await (target.fetch ?? globalThis.fetch)(url, init);
  } catch (cause) {
    throw new GatewayRequestError({
      code: "GATEWAY_UNREACHABLE",
      message: `The gateway at ${target.url} did not answer.`,
      hint: "Try again in a moment, or ask another gateway of the dataset's gateway set.",
      status: 0,
      gateway: target.url,
      cause,
    });
  }
}

async function refusal(target: GatewayAddress, response: Response): Promise<GatewayRequestError> {
  const text = await response.text();
  const parsed = parseError(text);
  return new GatewayRequestError({
    code: parsed?.code ?? "GATEWAY_UNEXPECTED_ANSWER",
    message: parsed?.message ?? `The gateway at ${target.url} answered ${response.status}.`,
    hint: parsed?.hint ?? "Try again in a moment; if it stays, tell the gateway's operator.",
    status: response.status,
    gateway: target.url,
    promise: parsed?.promise,
  });
}

type ErrorBody = { code: string; message: string; hint: string; promise?: SignedPromise };

function parseError(text: string): ErrorBody | undefined {
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    const { code, message, hint } = body;
    if (typeof code === "string" && typeof message === "string" && typeof hint === "string") {
      const promise = body["promise"] as SignedPromise | undefined;
      return { code, message, hint, ...(promise ? { promise } : {}) };
    }
  } catch {
    return undefined; // a proxy's page, not the gateway's answer: the status says enough
  }
  return undefined;
}
