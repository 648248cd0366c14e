import { SalusError } from "../errors.ts";
import { type GatewayAddress, GatewayRequestError, type HttpRequest, sendForJson } from "./http.ts";
import type { UploadToken } from "./sign-upload-token.ts";
import { type OpenUploadRequest, UPLOAD_PIECE_BYTES, type UploadView } from "./uploads.ts";

/** Parameters of {@link uploadStream}. */
export type UploadStreamParameters = {
  upload: UploadToken;
  /** bytes in all */
  size: number;
  /**
   * The bytes from `offset` on, cut anyhow. A source that can be read once only need not know any other offset than 0: the
   * piece on its way is kept here, and a broken connection costs no more.
   */
  source(offset: number): AsyncIterable<Uint8Array>;
  /** content id; asked for when all bytes were read */
  cid(): string;
  /** goes on with an upload that another call began: `source` must give the same bytes as then */
  id?: string;
  /** told the upload's id before its first piece, to go on with after a crash */
  onOpened?: (id: string) => void;
  onProgress?: (bytes: number) => void;
  /** milliseconds before the first repetition, doubled each time */
  patience?: number;
};

/** Times that one request is repeated while the gateway does not answer. */
const REPETITIONS = 6;

/**
 * Uploads bytes of any size in constant memory, in pieces of 8 MiB. A connection that breaks is taken up again where the
 * gateway's stored bytes end; the gateway checks the content id of the whole at the end.
 *
 * @throws GatewayRequestError; SDK_INVALID_INPUT when the source gives fewer or more bytes than `size`
 */
export async function uploadStream(
  gateway: GatewayAddress,
  parameters: UploadStreamParameters,
): Promise<{ cid: string }> {
  const { size, source, onOpened, onProgress } = parameters;
  const ask = <T>(request: HttpRequest) => patiently<T>(gateway, parameters, request);
  const opened = parameters.id
    ? await ask<UploadView>({ method: "GET", path: `/v1/uploads/${parameters.id}` })
    : await ask<UploadView>({
        method: "POST",
        path: "/v1/uploads",
        json: { size } satisfies OpenUploadRequest,
        // An answer that was lost must not leave an upload open that nobody goes on with.
        idempotencyKey: crypto.randomUUID(),
      });
  onOpened?.(opened.id);
  let { offset } = opened;
  for await (const piece of inPieces(source(offset))) {
    if (offset + piece.length > size) throw wrongSize(size);
    offset = await sendPiece(ask, opened.id, offset, piece);
    onProgress?.(offset);
  }
  if (offset !== size) throw wrongSize(size);
  const json = { cid: parameters.cid() };
  return ask<{ cid: string }>({ method: "POST", path: `/v1/uploads/${opened.id}/complete`, json });
}

type Ask = <T>(request: HttpRequest) => Promise<T>;

/** A piece whose answer was lost may be stored all the same: then the gateway stands behind it already. */
async function sendPiece(ask: Ask, id: string, offset: number, piece: Uint8Array): Promise<number> {
  try {
    const request = { method: "PUT", path: `/v1/uploads/${id}/${offset}`, bytes: piece } as const;
    return (await ask<UploadView>(request)).offset;
  } catch (error) {
    if (!(error instanceof GatewayRequestError) || error.code !== "GATEWAY_UPLOAD_OFFSET") throw error;
    const view = await ask<UploadView>({ method: "GET", path: `/v1/uploads/${id}` });
    if (view.offset === offset + piece.length) return view.offset;
    throw error;
  }
}

async function patiently<T>(
  gateway: GatewayAddress,
  { upload, patience = 500 }: UploadStreamParameters,
  request: HttpRequest,
): Promise<T> {
  for (let repeated = 0; ; repeated += 1) {
    try {
      return await sendForJson<T>(gateway, { ...request, headers: { "x-salus-upload": upload } });
    } catch (error) {
      const passing = error instanceof GatewayRequestError && (error.status === 0 || error.status >= 500);
      if (!passing || repeated === REPETITIONS) throw error;
      await new Promise((resolve) => setTimeout(resolve, patience * 2 ** repeated));
    }
  }
}

/** The source in pieces of one size, each valid until the next is asked for: it has been answered by then. */
async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(UPLOAD_PIECE_BYTES);
  let filled = 0;
  for await (const given of source) {
    for (let rest = given; rest.length > 0;) {
      const taken = rest.subarray(0, piece.length - filled);
      piece.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled < piece.length) continue;
      yield piece;
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

function wrongSize(size: number): SalusError {
  return new SalusError({
    code: "SDK_INVALID_INPUT",
    message: `The upload was announced with ${size} bytes, and its source does not give as many.`,
    hint: "Give the size of the source, and read it from the offset that is asked for.",
    details: { size },
  });
}
