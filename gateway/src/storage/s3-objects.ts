import { createHash } from "node:crypto";
import { AwsClient } from "aws4fetch";
import { assertKey, type ObjectStore } from "./objects.ts";

/** An S3-compatible bucket and the key pair that may write to it. */
export type S3Settings = {
  /** address of the bucket, path style, e.g. `https://s3.example.org/salus` */
  url: string;
  region: string;
  accessKey: string;
  secretKey: string;
};

/** A bucket's server answered otherwise than the protocol says, or refused. */
export class S3Error extends Error {
  override readonly name = "S3Error";
  readonly status: number;
  constructor(method: string, key: string, status: number, code: string) {
    super(`The object store answered ${status} ${code} to ${method} ${key}.`);
    this.status = status;
  }
}

/** Trials of a request that found the server busy or away. */
const RETRIES = 4;

/**
 * Opens a store in a bucket of an S3-compatible server, under a folder of it. Requests are signed by AWS Signature
 * Version 4 over the SHA-256 of their body, so that what arrives is what was sent.
 */
export function openS3Objects(settings: S3Settings, folder: string): ObjectStore {
  const { url, region, accessKey, secretKey } = settings;
  const client = new AwsClient({
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    service: "s3",
    region,
    retries: RETRIES,
  });
  const bucket = url.replace(/\/$/, "");
  const bucketPath = new URL(bucket).pathname;

  async function call(method: string, key: string, more: Call = {}): Promise<Response> {
    const address = new URL(key === "" ? bucket : `${bucket}/${folder}/${key}`);
    for (const [name, value] of Object.entries(more.query ?? {})) address.searchParams.set(name, value);
    const body = more.body ?? new Uint8Array();
    const headers = {
      ...more.headers,
      "x-amz-content-sha256": createHash("sha256").update(body).digest("hex"),
    };
    const init = { method, headers, ...(body.length > 0 ? { body: body as BodyInit } : {}) };
    const response = await client.fetch(address.href, init);
    if (response.ok || (more.mayMiss && response.status === 404)) return response;
    const text = await response.text();
    throw new S3Error(method, key, response.status, tag(text, "Code") ?? response.statusText);
  }

  const named = (key: string) => {
    assertKey(key);
    return key;
  };
  const found = async (response: Response) => {
    if (response.status !== 404) return response;
    await response.body?.cancel();
    return undefined;
  };

  return {
    async put(key, bytes) {
      await drain(await call("PUT", named(key), { body: bytes }));
    },
    async get(key) {
      const response = await found(await call("GET", named(key), { mayMiss: true }));
      return response && new Uint8Array(await response.arrayBuffer());
    },
    async size(key) {
      const response = await found(await call("HEAD", named(key), { mayMiss: true }));
      return response && Number(response.headers.get("content-length"));
    },
    async read(key, range) {
      if (range && range.start === range.end) return empty();
      const headers: Record<string, string> = range ? { range: `bytes=${range.start}-${range.end - 1}` } : {};
      const response = await found(await call("GET", named(key), { mayMiss: true, headers }));
      return response && (response.body ?? empty());
    },
    async delete(key) {
      await drain(await call("DELETE", named(key), { mayMiss: true }));
    },
    async list(prefix) {
      const all: { key: string; size: number }[] = [];
      for (let token: string | undefined = ""; token !== undefined;) {
        const query = { "list-type": "2", prefix: `${folder}/${prefix}` };
        const page = await call("GET", "", {
          query: token ? { ...query, "continuation-token": token } : query,
        });
        const text = await page.text();
        for (const [, entry] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
          const key = tag(entry!, "Key")!.slice(folder.length + 1);
          all.push({ key, size: Number(tag(entry!, "Size")) });
        }
        token = tag(text, "NextContinuationToken");
      }
      return all.sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    async join(parts, key) {
      const begun = await (await call("POST", named(key), { query: { uploads: "" } })).text();
      const uploadId = tag(begun, "UploadId")!;
      try {
        const etags: string[] = [];
        for (const [i, part] of parts.entries()) {
          const headers = { "x-amz-copy-source": `${bucketPath}/${folder}/${named(part)}` };
          const query = { partNumber: String(i + 1), uploadId };
          // A copy that fails late says so in a body with status 200.
          const copied = await (await call("PUT", key, { query, headers })).text();
          const etag = tag(copied, "ETag");
          if (!etag) throw new S3Error("PUT", key, 200, tag(copied, "Code") ?? "without an ETag");
          etags.push(etag);
        }
        const list = etags
          .map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`)
          .join("");
        const body = new TextEncoder().encode(`<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`);
        const done = await (await call("POST", key, { query: { uploadId }, body })).text();
        if (!tag(done, "ETag")) throw new S3Error("POST", key, 200, tag(done, "Code") ?? "without an ETag");
      } catch (error) {
        await drain(await call("DELETE", key, { query: { uploadId }, mayMiss: true }));
        throw error;
      }
    },
  };
}

type Call = {
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array;
  mayMiss?: boolean;
};

/** Text of the first element with this name in the server's XML. ETags come with quotes, escaped; they go back as they are. */
function tag(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(xml)?.[1];
}

async function drain(response: Response): Promise<void> {
  await response.arrayBuffer();
}

async function* empty(): AsyncGenerator<Uint8Array> {}
