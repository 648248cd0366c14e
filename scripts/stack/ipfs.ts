import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { CID } from "multiformats/cid";

/** graph-node asks for this block (the empty directory) once, to learn that it speaks to an IPFS gateway. */
const PROBE_CID = "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn";
const MAX_BYTES = 1024 * 1024;
const CODE_RAW = 0x55;
const CODE_SHA2_256 = 0x12;

export interface IpfsRouter {
  url: string;
  /** Serves these bytes under this CID as well, until the stop. */
  publish: (cid: string, content: Buffer) => void;
  stop: () => Promise<void>;
}

/**
 * The one IPFS address that graph-node needs, over the gateways that hold the files: `/ipfs/<cid>` is asked of each
 * gateway in turn, and an answer passes only when its SHA-256 is the one that the CID names. Raw CIDv1 with SHA-256
 * only (descriptors and leaf files); anything else is 404.
 * @param gateways base URLs, asked in this order
 */
export function startIpfsRouter(port: number, gateways: () => string[]): Promise<IpfsRouter> {
  const published = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    answer(request, response, gateways(), published).catch((error: Error) =>
      send(response, 502, error.message),
    );
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () =>
      resolve({
        url: `http://127.0.0.1:${port}`,
        publish: (cid, content) => published.set(cid, content),
        stop: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      }),
    );
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  gateways: string[],
  published: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const cid = /^\/ipfs\/([A-Za-z0-9]+)(\?|$)/.exec(request.url ?? "")?.[1];
  if (!cid || (request.method !== "GET" && request.method !== "HEAD"))
    return send(response, 404, "not found");
  if (cid === PROBE_CID) return send(response, 200, "");
  const own = published.get(cid);
  if (own) return sendBlock(request, response, own);
  const wanted = sha256Of(cid);
  if (!wanted) return send(response, 404, "only raw CIDv1 with SHA-256 is served");
  for (const gateway of gateways) {
    const body = await fetchBlock(`${gateway}/ipfs/${cid}?format=raw`, wanted);
    if (body) return sendBlock(request, response, body);
  }
  send(response, 404, "no gateway has it");
}

/** The digest that the CID names; undefined for other codecs and hashes. */
function sha256Of(text: string): Buffer | undefined {
  try {
    const cid = CID.parse(text);
    const fits = cid.version === 1 && cid.code === CODE_RAW && cid.multihash.code === CODE_SHA2_256;
    return fits ? Buffer.from(cid.multihash.digest) : undefined;
  } catch {
    return undefined;
  }
}

/** The block, or undefined when this gateway is down, does not have it, or answers with other bytes. */
async function fetchBlock(url: string, wanted: Buffer): Promise<Buffer | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    if (!response.ok || Number(response.headers.get("content-length") ?? 0) > MAX_BYTES) {
      await response.body?.cancel();
      return undefined;
    }
    const body = Buffer.from(await response.arrayBuffer());
    return createHash("sha256").update(body).digest().equals(wanted) ? body : undefined;
  } catch {
    return undefined;
  }
}

function sendBlock(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { "content-type": "application/vnd.ipld.raw", "content-length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain" });
  response.end(text);
}
