import { createHash, createHmac, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { S3Settings } from "./s3-objects.ts";

/**
 * A server in this process that speaks the part of S3 that the adapter uses, written from Amazon's API reference. It
 * recomputes every request's AWS Signature Version 4 and refuses what does not match, as well as a body that is not the
 * signed one; parts below 5 MiB are refused as S3 does.
 */
export type S3Double = {
  settings: S3Settings;
  objects: Map<string, Buffer>;
  /** uploads in parts that were begun and neither completed nor aborted */
  openUploads(): number;
  /** the next so many requests are answered 503 */
  busy(requests: number): void;
  stop(): Promise<void>;
};

const SMALLEST_PART = 5 * 1024 * 1024;
const PAGE = 3;

type State = {
  objects: Map<string, Buffer>;
  uploads: Map<string, { key: string; parts: Map<number, Buffer> }>;
  busy: number;
};

export async function startS3Double(): Promise<S3Double> {
  const settings: S3Settings = {
    url: "",
    region: "test-1",
    accessKey: "AKTEST",
    secretKey: "top/secret+key",
  };
  const state: State = { objects: new Map(), uploads: new Map(), busy: 0 };
  const server = createServer((request, response) => {
    void answer(settings, state, request, response).catch((error: Error) =>
      fail(response, 500, error.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  settings.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/salus`;
  return {
    settings,
    objects: state.objects,
    openUploads: () => state.uploads.size,
    busy: (requests) => void (state.busy = requests),
    stop: () => close(server),
  };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function answer(
  settings: S3Settings,
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (state.busy > 0) {
    state.busy -= 1;
    return fail(response, 503, "SlowDown");
  }
  const fault = signatureFault(settings, request, body);
  if (fault) return fail(response, 403, fault);
  const url = new URL(request.url!, "http://double");
  if (url.pathname === "/salus") return list(state, url, response);
  const key = url.pathname.slice("/salus/".length);
  const uploadId = url.searchParams.get("uploadId");
  const route = `${request.method}${uploadId ? " part" : url.searchParams.has("uploads") ? " begin" : ""}`;
  if (route === "PUT") {
    state.objects.set(key, body);
    return send(response, 200, "");
  }
  if (route === "GET" || route === "HEAD") return read(state, key, request, response);
  if (route === "DELETE") {
    state.objects.delete(key);
    return send(response, 204, "");
  }
  if (route === "POST begin") {
    const id = randomUUID();
    state.uploads.set(id, { key, parts: new Map() });
    return send(
      response,
      200,
      `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  }
  const upload = state.uploads.get(uploadId ?? "");
  if (!upload || upload.key !== key) return fail(response, 404, "NoSuchUpload");
  if (route === "PUT part") return copyPart(state, upload, url, request, response);
  if (route === "POST part") return complete(state, uploadId!, body, response);
  if (route === "DELETE part") {
    state.uploads.delete(uploadId!);
    return send(response, 204, "");
  }
  return fail(response, 405, "MethodNotAllowed");
}

function read(state: State, key: string, request: IncomingMessage, response: ServerResponse): void {
  const object = state.objects.get(key);
  if (!object) return fail(response, 404, "NoSuchKey");
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  const bytes = range ? object.subarray(Number(range[1]), Number(range[2]) + 1) : object;
  if (range && Number(range[1]) >= object.length) return fail(response, 416, "InvalidRange");
  response.writeHead(range ? 206 : 200, { "content-length": bytes.length });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

function list(state: State, url: URL, response: ServerResponse): void {
  const prefix = url.searchParams.get("prefix") ?? "";
  const after = url.searchParams.get("continuation-token") ?? "";
  const keys = [...state.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = keys.slice(0, PAGE);
  const contents = page
    .map((key) => `<Contents><Key>${key}</Key><Size>${state.objects.get(key)!.length}</Size></Contents>`)
    .join("");
  const next = keys.length > PAGE ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : "";
  send(response, 200, `<ListBucketResult>${contents}${next}</ListBucketResult>`);
}

function copyPart(
  state: State,
  upload: { parts: Map<number, Buffer> },
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const source = String(request.headers["x-amz-copy-source"] ?? "").replace(/^\/salus\//, "");
  const bytes = state.objects.get(source);
  if (!bytes) return fail(response, 404, "NoSuchKey");
  upload.parts.set(Number(url.searchParams.get("partNumber")), bytes);
  send(response, 200, `<CopyPartResult><ETag>&quot;${md5(bytes)}&quot;</ETag></CopyPartResult>`);
}

function complete(state: State, uploadId: string, body: Buffer, response: ServerResponse): void {
  const upload = state.uploads.get(uploadId)!;
  const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>(.*?)<\/ETag>/g)];
  const parts = named.map(([, number, etag]) => {
    const bytes = upload.parts.get(Number(number));
    return bytes && etag === `&quot;${md5(bytes)}&quot;` ? bytes : undefined;
  });
  if (parts.length === 0 || parts.includes(undefined)) return fail(response, 400, "InvalidPart");
  if (parts.slice(0, -1).some((part) => part!.length < SMALLEST_PART))
    return fail(response, 400, "EntityTooSmall");
  const bytes = Buffer.concat(parts as Buffer[]);
  state.objects.set(upload.key, bytes);
  state.uploads.delete(uploadId);
  send(
    response,
    200,
    `<CompleteMultipartUploadResult><ETag>"${md5(bytes)}"</ETag></CompleteMultipartUploadResult>`,
  );
}

/** What is wrong with a request's signature: the calculation of Amazon's “Signature Version 4 signing process”. */
function signatureFault(settings: S3Settings, request: IncomingMessage, body: Buffer): string | undefined {
  const header =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? "",
    );
  if (!header) return "AccessDenied";
  const [, credential, signedHeaders, signature] = header as unknown as [string, string, string, string];
  const [accessKey, day, region, service, end] = credential.split("/");
  if (accessKey !== settings.accessKey || region !== settings.region) return "InvalidAccessKeyId";
  if (service !== "s3" || end !== "aws4_request") return "AccessDenied";
  const time = String(request.headers["x-amz-date"]);
  const names = signedHeaders.split(";");
  if (!names.includes("host") || !names.includes("x-amz-date")) return "AccessDenied";
  const copied = request.headers["x-amz-copy-source"] !== undefined;
  if (copied && !names.includes("x-amz-copy-source")) return "AccessDenied";
  const bodyHash = String(request.headers["x-amz-content-sha256"]);
  if (bodyHash !== hash(body)) return "XAmzContentSHA256Mismatch";
  const url = new URL(request.url!, "http://double");
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");
  const headers = names.map((name) => `${name}:${String(request.headers[name]).trim()}\n`).join("");
  const canonical = [request.method, url.pathname, query, headers, signedHeaders, bodyHash].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", time, `${day}/${region}/s3/aws4_request`, hash(canonical)].join("\n");
  const key = [day!, region!, "s3", "aws4_request"].reduce(hmac, Buffer.from(`AWS4${settings.secretKey}`));
  const expected = hmac(key, toSign).toString("hex");
  return expected === signature && time.startsWith(day!) ? undefined : "SignatureDoesNotMatch";
}

const hash = (data: Buffer | string) => createHash("sha256").update(data).digest("hex");
const md5 = (data: Buffer) => createHash("md5").update(data).digest("hex");
const hmac = (key: Buffer, data: string) => createHmac("sha256", key).update(data).digest();

function send(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { "content-type": "application/xml" }).end(xml);
}

function fail(response: ServerResponse, status: number, code: string): void {
  send(response, status, `<Error><Code>${code}</Code></Error>`);
}
